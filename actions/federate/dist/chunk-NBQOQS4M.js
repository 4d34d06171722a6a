import{c as o}from"./chunk-NFJDKJ6L.js";var s=o((p,e)=>{e.exports=process.getBuiltinModule("node:process")});export{s as a};
