import{c as o}from"./chunk-NFJDKJ6L.js";var s=o((t,e)=>{e.exports=process.getBuiltinModule("node:stream")});export{s as a};
