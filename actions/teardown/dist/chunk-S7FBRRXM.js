import{b as o}from"./chunk-IYWUY3VA.js";var s=o((p,e)=>{e.exports=process.getBuiltinModule("node:process")});export{s as a};
