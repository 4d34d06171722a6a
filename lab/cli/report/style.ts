/** The page's only style sheet: nothing is loaded from elsewhere. */
export const style = `
:root{color-scheme:light dark;--ground:#fbfaf7;--card:#fff;--ink:#1d2430;--quiet:#667085;--rule:#e4e2dc;
--sea:#eef3f6;--land:#d9ddd6;--good:#14804a;--bad:#c02f2f;--bar:#4a74c9;--skip:#b9bec8}
@media (prefers-color-scheme:dark){:root{--ground:#12151b;--card:#1a1f28;--ink:#e8eaee;--quiet:#98a2b3;--rule:#2c333f;
--sea:#161d27;--land:#333d4a;--good:#4cc38a;--bad:#ff7b72;--bar:#6f9bf0;--skip:#4c5564}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1120px;margin:0 auto;padding:28px 20px 60px}
h1{font-size:1.7rem;line-height:1.2;margin:0;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:0 0 12px}
h3{font-size:.8rem;letter-spacing:.06em;text-transform:uppercase;color:var(--quiet);margin:14px 0 4px}
section{background:var(--card);border:1px solid var(--rule);border-radius:12px;padding:18px 20px;margin-top:18px}
.quiet,header p{color:var(--quiet);margin:4px 0}
.good{color:var(--good)}.bad{color:var(--bad)}
code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(130px,1fr));gap:12px;margin-top:18px}
.facts div{background:var(--card);border:1px solid var(--rule);border-radius:12px;padding:12px 14px}
.facts b{display:block;font-size:1.5rem;line-height:1.2;font-variant-numeric:tabular-nums}
.facts span{color:var(--quiet);font-size:.85rem}
.map{display:block;width:100%;height:auto}
.sea{fill:var(--sea)}.land{fill:var(--land)}
.way{fill:none;stroke:var(--c);stroke-width:1.6;opacity:.75}
.city{fill:var(--c);stroke:var(--card);stroke-width:1}
.wrong .way{stroke-dasharray:4 4}.wrong .city{fill:var(--bad)}
.cluster circle{fill:var(--card);stroke:var(--c);stroke-width:3}.cluster .core{fill:var(--c);stroke:none}
.cluster text{fill:var(--ink);font:600 16px system-ui,sans-serif;text-anchor:middle;paint-order:stroke;stroke:var(--card);stroke-width:4px}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;margin:10px 0 0;padding:0;list-style:none}
.chip{display:inline-block;width:10px;height:10px;border-radius:50%;background:var(--c);margin-right:7px}
.short{white-space:nowrap}
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:600;color:var(--quiet);font-size:.82rem}
th,td{padding:6px 12px 6px 0;border-bottom:1px solid var(--rule);vertical-align:top}
tbody tr:last-child td{border-bottom:0}
.row{display:grid;grid-template-columns:230px 1fr;gap:12px;align-items:center;min-height:26px}
summary{cursor:pointer;list-style:none}summary::-webkit-details-marker{display:none}
summary .name::before{content:"▸";color:var(--quiet);display:inline-block;width:1em}details[open] summary .name::before{content:"▾"}
.name{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.name.failure{color:var(--bad)}
.step .name{color:var(--quiet);padding-left:1em;font-size:.87rem}
details .quiet{margin:0 0 2px 1em;font-size:.87rem}
.track{position:relative;height:18px}
.track::before{content:"";position:absolute;inset:auto 0 50%;border-bottom:1px solid var(--rule)}
.bar{position:absolute;top:2px;height:14px;min-width:2px;border-radius:4px;background:var(--bar)}
.bar.failure{background:var(--bad)}.bar.cancelled,.bar.skipped{background:var(--skip)}
.step .bar{top:5px;height:8px;opacity:.7}
.track em{position:absolute;top:-1px;font:normal 12px/20px system-ui;color:var(--quiet);padding:0 5px;background:var(--card)}
.axis.track::before,.axis .track::before{display:none}
.track>i{position:absolute;font:normal 12px system-ui;color:var(--quiet);border-left:1px solid var(--rule);padding-left:4px;height:100%}
.chart{margin:0 0 14px}.chart svg{display:block;width:100%;height:90px;border-bottom:1px solid var(--rule)}
.chart figcaption{display:flex;justify-content:space-between;font-size:.87rem}.chart figcaption span{color:var(--quiet)}
.line{fill:none;stroke:var(--bar);stroke-width:2;vector-effect:non-scaling-stroke}.area{fill:var(--bar);opacity:.15}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:18px}.pair section{min-width:0}
@media (max-width:760px){.pair{grid-template-columns:1fr;gap:0}}
@media (max-width:600px){main{padding:18px 12px 40px}section{padding:14px}
.row{grid-template-columns:1fr;gap:0;padding-top:4px}.row.axis{padding:0}
.cluster text{font-size:34px}.cluster circle{transform:scale(1.7)}.city{r:6px}.way{stroke-width:3}
.cards thead{display:none}.cards,.cards tbody,.cards tr,.cards td{display:block}.cards tr{padding:8px 0;border-bottom:1px solid var(--rule)}
.cards tbody tr:last-child{border-bottom:0}.cards td{border:0;padding:1px 0;display:flex;gap:10px;align-items:baseline}
.cards td::before{content:attr(data-label);flex:0 0 92px;color:var(--quiet);font-size:.85rem}
.cards td .chip{margin:0}.compact{font-size:.87rem}}
`
