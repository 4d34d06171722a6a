const t=79,c=[79],d={7079:((o,_,s)=>{s.d(_,{reachCluster:()=>e.Wv});var e=s(8280)})};export{t as id,c as ids,d as modules};
