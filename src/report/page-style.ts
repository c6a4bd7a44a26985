/**
 * The page's style. Text keeps a contrast of at least 4.5 : 1 on its ground in both schemes; a line's style and a word
 * always say what a colour says.
 */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ground:#f6f5f1;--paper:#fffefb;--ink:#1d2227;--soft:#565f68;--line:#dbd8ce;--wash:#efede6;
--accent:#23476f;--sure:#1c6644;--sure-wash:#e5f1ea;--open:#855000;--open-wash:#faefd9;--bad:#992b2b;--bad-wash:#f9e7e5;
--sans:system-ui,-apple-system,"Segoe UI","Noto Sans",sans-serif;
--serif:"Iowan Old Style","Palatino Linotype",Palatino,"Noto Serif",Georgia,serif;
--mono:ui-monospace,"SF Mono",Menlo,Consolas,"Noto Sans Mono","DejaVu Sans Mono",monospace}
:root:lang(ja){--sans:"Hiragino Sans","Yu Gothic UI","Yu Gothic",Meiryo,"Noto Sans JP","Noto Sans CJK JP",system-ui,sans-serif;
--serif:"Hiragino Mincho ProN","Yu Mincho","Noto Serif JP","Noto Serif CJK JP",serif}
@media (prefers-color-scheme:dark){:root{--ground:#14171b;--paper:#1b1f24;--ink:#e8e6e0;--soft:#a6aeb6;--line:#373d45;
--wash:#242930;--accent:#a3c5ec;--sure:#86d3a7;--sure-wash:#1c3328;--open:#ecbb69;--open-wash:#382c17;--bad:#f4a29b;--bad-wash:#3c2221}}
*{box-sizing:border-box}
html{background:var(--ground);color:var(--ink);font:16px/1.6 var(--sans);-webkit-text-size-adjust:100%}
html:lang(ja){line-height:1.75}
body{max-width:64rem;margin:0 auto;padding:3rem 1.5rem 5rem;overflow-wrap:break-word}
bdi,dd,caption{overflow-wrap:anywhere}
h1,h2{font-family:var(--serif);font-weight:600;line-height:1.25;text-wrap:balance}
h1{font-size:2.25rem;margin:.4rem 0 .3rem;letter-spacing:-.01em}
h2{font-size:1.5rem;margin:0 0 .5rem}
:lang(ja) h1{letter-spacing:.02em}
h3{font-size:1.05rem;margin:0;line-height:1.4}
h4{font-size:1rem;margin:0;line-height:1.4}
p{margin:0 0 .75rem}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:1px}
a:focus-visible,summary:focus-visible{outline:3px solid var(--accent);outline-offset:3px;border-radius:2px}
code,.mono{font-family:var(--mono);font-size:.86em;font-variant-ligatures:none}
.soft{color:var(--soft)}
.brand{display:flex;gap:.55rem;align-items:center;font-weight:600;letter-spacing:.04em;color:var(--accent)}
.brand svg{width:1.5rem;height:1.5rem}
header .soft{margin:0}
header .when{font-size:.875rem;margin-top:.6rem}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.4rem;padding:.8rem 0;margin:1.75rem 0 0;
border-block:1px solid var(--line);font-size:.93rem}
section{margin-top:3.25rem}
section>p{max-width:46rem}
.lead{font-family:var(--serif);font-size:1.4rem;line-height:1.5;max-width:44rem;margin:0 0 1.5rem}
.lead:lang(ja),:lang(ja) .lead{font-size:1.25rem;line-height:1.8}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:1px;background:var(--line);
border:1px solid var(--line);border-radius:8px;overflow:hidden;margin:0}
.figures div{background:var(--paper);padding:.9rem 1rem;display:flex;flex-direction:column-reverse;justify-content:flex-end}
.figures dt{font-size:.82rem;line-height:1.4;color:var(--soft)}
.figures dd{margin:0;font-size:1.75rem;line-height:1.25;font-family:var(--serif);font-variant-numeric:lining-nums tabular-nums}
.attention{margin-top:1.75rem;background:var(--paper);border:1px solid var(--line);border-left:4px solid var(--open);
border-radius:8px;padding:1.1rem 1.4rem}
.attention.calm{border-left-color:var(--sure)}
.attention ul{margin:.5rem 0 0;padding-left:1.15rem}
.attention li+li{margin-top:.3rem}
.attention p{margin:.4rem 0 0}
.key{list-style:none;padding:0;margin:0 0 1.25rem;font-size:.9rem;color:var(--soft);display:flex;flex-wrap:wrap;gap:.2rem 1.75rem}
.key svg{width:2.6rem;height:.9rem;vertical-align:-.1rem;margin-right:.5rem}
.family{background:var(--paper);border:1px solid var(--line);border-radius:10px;margin:0 0 1rem}
.family>summary{padding:1rem 1.4rem;cursor:pointer;display:flex;flex-wrap:wrap;gap:.1rem .9rem;align-items:baseline;list-style:none}
summary::-webkit-details-marker{display:none}
.family>summary::before,.more>summary::before{content:"";width:.42em;height:.42em;border:solid currentColor;border-width:0 1.5px 1.5px 0;
transform:rotate(-45deg);display:inline-block;flex:none;align-self:center;margin-right:.15rem;color:var(--soft)}
.more>summary::before{margin:0 .5em 0 .1em;vertical-align:.12em}
.more>summary h3{display:inline}
[open]>summary::before{transform:rotate(45deg)}
.family>summary .soft{font-size:.9rem}
.tree{list-style:none;margin:0;padding:0}
.family>.tree{padding:0 1.4rem 1.3rem}
.tree .tree{margin-left:.65rem}
.node{position:relative}
.family>.tree>.node+.node{margin-top:1rem}
.tree .tree>.node{padding:1rem 0 0 1.85rem}
.tree .tree>.node::before{content:"";position:absolute;left:0;top:0;bottom:0;border-left:2px solid var(--soft)}
.tree .tree>.node:last-child::before{bottom:auto;height:2rem}
.tree .tree>.node::after{content:"";position:absolute;left:0;top:2rem;width:1.25rem;border-top:2px solid var(--soft)}
.tree .tree>.node.open:last-child::before{border-left-style:dashed;border-color:var(--open)}
.tree .tree>.node.open::after{border-top-style:dashed;border-color:var(--open)}
.sign{position:absolute;left:.98rem;top:1.42rem;line-height:1.15rem;font-size:.72rem;color:var(--soft)}
.open>.sign{left:.55rem;width:1.15rem;text-align:center;font-size:.8rem;font-weight:700;color:var(--open);background:var(--open-wash);border-radius:50%}
.model{border:1px solid var(--line);border-radius:8px;padding:.8rem 1.05rem .9rem}
.node.open>.model{border-style:dashed;border-color:var(--open)}
.repeated>.model{background:var(--wash)}
.title{display:flex;flex-wrap:wrap;gap:.05rem .8rem;align-items:baseline}
.title .soft{font-size:.875rem}
.did{margin:.65rem 0 0;padding:0;list-style:none;font-size:.93rem}
.did b{font-weight:600;margin-right:.4rem}
.evidence{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,max-content));gap:.55rem 2.2rem;margin:.75rem 0 0;font-size:.9rem;line-height:1.5}
.evidence dt{color:var(--soft);font-size:.78rem;line-height:1.5}
.evidence dt::first-letter{text-transform:uppercase}
.evidence dd{margin:0}
.evidence .wide{grid-column:1/-1}
.badge{display:inline-block;font-size:.78rem;font-weight:600;line-height:1.5;padding:0 .55rem;border:1px solid;border-radius:.7rem}
.badge.verified{color:var(--sure);background:var(--sure-wash)}
.badge.inferred{color:var(--accent);border-style:dashed}
.badge.open{color:var(--open);background:var(--open-wash);border-style:dashed}
.badge.high{color:var(--bad);background:var(--bad-wash)}
.badge.medium{color:var(--open);background:var(--open-wash)}
.badge.low{color:var(--soft)}
.scroll{margin-top:.8rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;line-height:1.5}
caption{text-align:left;font-size:.78rem;color:var(--soft);padding-bottom:.25rem}
th{text-align:left;font-weight:600;font-size:.78rem;color:var(--soft);border-bottom:1px solid var(--line);padding:.25rem .9rem .25rem 0;white-space:nowrap}
td{border-bottom:1px solid var(--line);padding:.4rem .9rem .4rem 0;vertical-align:top}
tbody tr:last-child td{border-bottom:0}
td.short{white-space:nowrap}
.model td.short{white-space:normal;overflow-wrap:anywhere}
td.place,th.place{width:32%}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.model table{font-size:.86rem;table-layout:fixed}
.model th.short{width:6.6rem}.model th.number{width:6rem}.model th.short:last-child{width:9rem;white-space:normal}
.model td.number,.model th.number{padding-right:1.6rem}
.more{margin-top:.7rem}
.more>summary{cursor:pointer;font-size:.9rem;color:var(--accent);list-style:none}
.rest{margin:.5rem 0 0;font-size:.86rem;color:var(--soft)}
.reading{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(22rem,100%),1fr));gap:1.75rem 3rem;margin-top:1rem}
.reading h3{margin-bottom:.5rem}
.reading dl,.reading ul{margin:0;font-size:.93rem}
.reading ul{padding-left:1.1rem}
.reading dt{font-weight:600;margin-top:.55rem}
.reading dd{margin:0;color:var(--soft)}
.reading li+li{margin-top:.45rem}
@media (max-width:40rem){
body{padding:1.75rem 1rem 3rem}
h1{font-size:1.7rem}h2{font-size:1.3rem}
section{margin-top:2.5rem}
.lead,:lang(ja) .lead{font-size:1.15rem}
.figures{grid-template-columns:repeat(2,1fr)}
.figures dd{font-size:1.45rem}
.family>summary{padding:.85rem 1rem}.family>.tree{padding:0 .75rem 1rem}
.tree .tree{margin-left:.15rem}.tree .tree>.node{padding-left:1.35rem}
.tree .tree .tree .tree .tree{margin-left:0}.tree .tree .tree .tree .tree>.node{padding-left:.7rem}
.tree .tree>.node::after{width:.8rem}.sign{left:.55rem}.open>.sign{left:.2rem}
.model{padding:.7rem .8rem}
.evidence{grid-template-columns:1fr 1fr;column-gap:1rem}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,caption,tbody,tr,td{display:block}
tr{border-bottom:1px solid var(--line);padding:.45rem 0}
tbody tr:last-child{border-bottom:0}
td,td.number,td.place{width:auto;border:0;padding:.05rem 0;text-align:left;white-space:normal}
td::before{content:attr(data-label);color:var(--soft);font-size:.78rem;margin-right:.6rem}
}
@media print{
:root{color-scheme:light;--ground:#fff;--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--wash:#f3f3f3;--accent:#23476f;
--sure:#1c6644;--sure-wash:#fff;--open:#704300;--open-wash:#fff;--bad:#8a2020;--bad-wash:#fff}
html{font-size:10.5pt}body{max-width:none;padding:0}
nav{display:none}
details::details-content{content-visibility:visible;display:block;height:auto}
details>summary::before{display:none}
.model,tr,.attention,.figures{break-inside:avoid}h2,h3,h4,caption{break-after:avoid}
a{color:inherit;text-decoration:none}
}
`
