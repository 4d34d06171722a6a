/** The page's only style sheet: nothing is loaded from elsewhere. Shared by the report and the live page. */
export const style = `
:root{color-scheme:light dark;--ground:#faf9f6;--card:#fff;--ink:#1d2430;--quiet:#5b6474;--rule:#e2e0da;--link:#1f57b8;
--sea:#eaf1f5;--land:#d5dad2;--good:#0f7040;--bad:#b42323;--bar:#a9c0ea;--wait:#3f68bd;--critical:#1d2430;--skip:#b9bec8;--soft:#f3f1ec;--mark:#ffe08a}
@media screen and (prefers-color-scheme:dark){:root{--ground:#11141a;--card:#191e27;--ink:#e8eaee;--quiet:#a3adbc;--rule:#2d3440;--link:#8db4ff;
--sea:#151c26;--land:#35404e;--good:#56cf95;--bad:#ff8f87;--bar:#3a5384;--wait:#7ba2f2;--critical:#e8eaee;--skip:#4c5564;--soft:#202733;--mark:#6b5500}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{scroll-padding-top:64px}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
header,main,footer,.bar-top>div{max-width:1120px;margin:0 auto;padding:0 20px}
a{color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--card);padding:6px 10px;z-index:9}
header{padding-top:26px}main{padding-bottom:30px}main:focus{outline:0}
footer{color:var(--quiet);font-size:.87rem;padding-bottom:40px}
h1{font-size:1.7rem;line-height:1.2;margin:16px 0 4px;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:0 0 12px}
h3{font-size:.95rem;margin:16px 0 6px}
.product{margin:0;max-width:760px;color:var(--quiet)}.product strong{color:var(--ink);font-size:1.15rem;margin-right:6px}
.mark{width:24px;height:24px;vertical-align:-5px;margin-right:7px;fill:none;stroke:var(--wait);stroke-width:1.8}
.result{margin:4px 0;font-size:1.05rem}
section{background:var(--card);border:1px solid var(--rule);border-radius:12px;padding:18px 20px;margin-top:18px;min-width:0}
.quiet,small{color:var(--quiet)}p.quiet{margin:4px 0}
.good{color:var(--good)}.bad{color:var(--bad)}
code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}
.failures{border:2px solid var(--bad)}.failures h2{color:var(--bad)}
.failures ol{margin:0;padding-left:20px}.failures li+li{margin-top:14px}.failures p{margin:2px 0}
.failures ul{margin:0;padding:0;list-style:none}.failures ol ul li+li{margin:0}.failures>.quiet{margin-top:12px}
.failures .message{font-weight:600;overflow-wrap:anywhere}.failures .fix{border-left:3px solid var(--good);padding-left:10px;overflow-wrap:anywhere}
.bar-top{position:sticky;top:0;z-index:2;background:var(--ground);border-bottom:1px solid var(--rule);margin-top:14px}
.bar-top>div{display:flex;gap:6px 18px;align-items:center;justify-content:space-between;padding-top:8px;padding-bottom:8px}
.bar-top ul{display:flex;gap:2px 14px;margin:0;padding:0;list-style:none;overflow-x:auto;white-space:nowrap;font-size:.9rem}
.bar-top a{text-decoration:none;display:block;padding:3px 0}.bar-top a:hover{text-decoration:underline}
.search{display:flex;align-items:center;gap:8px;flex:0 0 auto;margin:0}
.search label{position:absolute;left:-999px}.search input{font:inherit;color:inherit;background:var(--card);border:1px solid var(--quiet);border-radius:8px;padding:4px 10px;width:250px}
.search span{font-size:.85rem;color:var(--quiet)}.search span:empty{display:none}
::highlight(found){background:var(--mark);color:var(--ink)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(132px,1fr));gap:12px;margin:18px 0 0;padding:0;list-style:none}
.facts li{background:var(--card);border:1px solid var(--rule);border-radius:12px;padding:12px 14px}
.facts b{display:block;font-size:1.5rem;line-height:1.2;font-variant-numeric:tabular-nums}
.facts span{color:var(--quiet);font-size:.85rem}
.map{display:block;width:100%;height:auto}
.sea{fill:var(--sea)}.land{fill:var(--land)}
.way{fill:none;stroke:var(--c);stroke-width:1.5;opacity:.7}
.city{fill:var(--c);stroke:var(--card);stroke-width:1}
.wrong .way{stroke-dasharray:4 4}.wrong .city{fill:var(--bad)}
.label{font:11px system-ui,sans-serif;fill:var(--ink);paint-order:stroke;stroke:var(--sea);stroke-width:2.5px;stroke-opacity:.8}
.leader{stroke:var(--quiet);stroke-width:.6;fill:none}
.cluster circle{fill:var(--card);stroke:var(--c);stroke-width:3}.cluster .core{fill:var(--c);stroke:none}
.cluster text{fill:var(--ink);font:600 16px system-ui,sans-serif;text-anchor:middle;paint-order:stroke;stroke:var(--card);stroke-width:4px}
.legend{display:grid;gap:4px 20px;margin:10px 0 0;padding:0;list-style:none;font-size:.93rem}
.chip{display:inline-block;width:10px;height:10px;border-radius:50%;background:var(--c);margin-right:7px;flex:none}
.short{white-space:nowrap}
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:600;color:var(--quiet);font-size:.82rem}
th,td{padding:6px 12px 6px 0;border-bottom:1px solid var(--rule);vertical-align:top}
tbody tr:last-child td{border-bottom:0}
td:first-child code{display:inline-block;min-width:11.5em}
.scroll{overflow-x:auto}
.key{display:flex;flex-wrap:wrap;gap:4px 22px;margin:0 0 8px;padding:0;list-style:none;font-size:.87rem;color:var(--quiet)}
.key .bar{position:relative;display:inline-block;top:2px;width:26px;margin-right:7px;overflow:hidden}
.timeline{--h:30px}
.row{display:grid;grid-template-columns:190px 1fr;gap:12px;align-items:center;height:var(--h)}
.row .name{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.row .name.failure{color:var(--bad)}
.row a.name{color:inherit;text-decoration-color:var(--quiet);text-underline-offset:3px}.row.critical .name{font-weight:600}
.track{position:relative;height:var(--h)}
.row:not(.axis) .track::before{content:"";position:absolute;inset:auto 0 50%;border-bottom:1px solid var(--rule)}
.bar{position:absolute;top:8px;height:14px;min-width:2px;border-radius:4px;background:var(--bar)}
.track .bar{overflow:hidden}.bar.failure{background:var(--bad)}.bar.cancelled{background:var(--skip)}
.wait{position:absolute;inset:0 auto 0 0;background:var(--wait)}
.bar.critical,.row.critical .bar{outline:2px solid var(--critical);outline-offset:1px}
.needs{position:absolute;bottom:15px;height:calc(var(--rows)*var(--h) - 8px);border-left:2px solid var(--quiet)}
.row.critical .needs{border-color:var(--critical)}
.track em{position:absolute;z-index:1;top:5px;font:normal 12px/20px system-ui;padding:0 4px;margin:0 4px;background:var(--card);white-space:nowrap}
.axis{height:40px}.axis .track{height:40px}.axis .name{font-size:.82rem;line-height:1.3;color:var(--quiet)}.axis small{display:block;font-size:1em}
.track>i{position:absolute;font:normal 12px/1.4 system-ui;color:var(--quiet);border-left:1px solid var(--rule);padding-left:4px;height:100%;white-space:nowrap}
.path{margin:0;padding-left:22px}.ratio{margin:6px 0 0}
.job{border-top:1px solid var(--rule)}.job:first-of-type{border-top:0}
.job>summary{display:flex;flex-wrap:wrap;gap:0 12px;align-items:baseline;padding:9px 0;cursor:pointer}
.job>summary::before{content:"▸";color:var(--quiet);flex:0 0 12px}.job[open]>summary::before{content:"▾"}
.job>summary h3{margin:0}.job>div{padding:0 0 14px 24px;scroll-margin-top:110px}
.sign{display:inline-block;width:1em;font-weight:700;color:var(--good)}.sign.failure{color:var(--bad)}.sign.cancelled,.sign.skipped{color:var(--quiet)}
.step{margin:8px 0}.title{margin:8px 0 4px;overflow-wrap:anywhere}
.summary{border:1px solid var(--rule);border-radius:8px;padding:12px 16px;margin:6px 0;font-size:.93rem}
.summary>:first-child{margin-top:0}.summary>:last-child{margin-bottom:0}
.summary h4,.summary h5,.summary h6{font-size:1rem;margin:12px 0 8px}.summary p{margin:8px 0}
.summary table{width:auto;margin:6px 0}.summary th,.summary td{border:1px solid var(--rule);padding:4px 10px}
.summary tbody tr:last-child td{border-bottom:1px solid var(--rule)}.summary blockquote{margin:8px 0;padding-left:12px;border-left:3px solid var(--rule)}
.summary details{margin:6px 0}summary{cursor:pointer}
.summary pre{background:var(--soft);border-radius:6px;padding:10px;overflow:auto;max-height:320px}
.log>summary{color:var(--quiet);font-size:.9rem}
.log pre{font:12px/1.5 ui-monospace,monospace;background:var(--soft);border-radius:8px;padding:10px 12px;margin:6px 0;overflow:auto;max-height:420px;white-space:pre-wrap;overflow-wrap:anywhere}
.line.error{color:var(--bad);font-weight:600}.line.warning{font-weight:600}.line.group{font-weight:700}
.chart{margin:0 0 14px}.chart svg{display:block;width:100%;height:90px;border-bottom:1px solid var(--rule)}
.chart figcaption{display:flex;justify-content:space-between;font-size:.87rem}.chart figcaption span{color:var(--quiet)}
.chart .track{height:18px}.line-up{fill:none;stroke:var(--wait);stroke-width:2;vector-effect:non-scaling-stroke}.area{fill:var(--wait);opacity:.15}
@media (max-width:900px){.bar-top>div{flex-direction:column;align-items:stretch}.search input{flex:1}}
@media (max-width:600px){header,main,footer,.bar-top>div{padding-left:12px;padding-right:12px}section{padding:14px}
html{scroll-padding-top:100px}
.timeline{--h:46px}.row{grid-template-columns:1fr;gap:0;align-items:start}.row .name{line-height:20px}.track{height:26px;margin-top:-2px}
.needs{bottom:13px}.axis .name{display:none}.axis,.axis .track{height:36px}
.label,.leader{display:none}.cluster text{font-size:34px}.cluster circle{transform:scale(1.7)}.city{r:6px}.way{stroke-width:3}
.job>div{padding-left:0}.summary{padding:10px}
.cards thead{display:none}.cards,.cards tbody,.cards tr,.cards td{display:block}.cards tr{padding:8px 0;border-bottom:1px solid var(--rule)}
.cards tbody tr:last-child{border-bottom:0}.cards td{border:0;padding:1px 0;display:flex;gap:10px;align-items:baseline}
.cards td::before{content:attr(data-label);flex:0 0 92px;color:var(--quiet);font-size:.85rem}
.cards td .chip{margin:0}.compact{font-size:.87rem}.compact td:not(:first-child){overflow-wrap:anywhere}}
@media print{:root{--ground:#fff;--card:#fff;font-size:11.5px}body{font-size:1rem}code,.log pre{font-size:.9rem}.bar-top,.skip,.log{display:none}
*{print-color-adjust:exact}section{border:0;border-top:1px solid var(--rule);border-radius:0;padding:10px 0;margin-top:10px}
.facts li,.row,tr,.chart,.map,.failures li{break-inside:avoid}h2,h3{break-after:avoid}
.job::details-content{content-visibility:visible;height:auto}.job>summary::before{content:""}.log pre{max-height:none}}
`
