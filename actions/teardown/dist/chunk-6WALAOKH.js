import{c as o}from"./chunk-VUJKWCT3.js";var s=o((t,e)=>{e.exports=process.getBuiltinModule("node:stream")});export{s as a};
