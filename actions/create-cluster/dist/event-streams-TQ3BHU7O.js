import"./chunk-NFJDKJ6L.js";function e(){throw new Error("this is not in the bundle")}export{e as Agent,e as EventStreamSerde,e as ProxyAgent,e as eventStreamSerdeProvider,e as fetch};
