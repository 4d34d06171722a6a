import"./chunk-NFJDKJ6L.js";var t=process.getBuiltinModule("node:http"),e=t,{Agent:o,request:l}=t;export{o as Agent,e as default,l as request};
