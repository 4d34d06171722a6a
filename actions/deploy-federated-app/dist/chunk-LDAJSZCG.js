import{b as o}from"./chunk-IYWUY3VA.js";var s=o((t,e)=>{e.exports=process.getBuiltinModule("node:stream")});export{s as a};
