import"./chunk-YVSA2ZOB.js";var t=process.getBuiltinModule("node:http"),e=t,{Agent:o,request:l}=t;export{o as Agent,e as default,l as request};
