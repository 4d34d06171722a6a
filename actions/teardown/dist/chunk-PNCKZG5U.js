import{c as o}from"./chunk-VUJKWCT3.js";var s=o((p,e)=>{e.exports=process.getBuiltinModule("node:process")});export{s as a};
