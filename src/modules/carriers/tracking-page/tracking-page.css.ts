/** One sheet for light and dark, from a small phone on; no font or image is fetched. */
export const STYLE = `
:root{color-scheme:light dark;--back:#f4f5f7;--card:#fff;--text:#16191f;--soft:#565e6c;--line:#d9dde4;--accent:#0b5fcc;
--good:#137a3d;--bad:#a53a06;--bad-back:#fdf1e7}
@media (prefers-color-scheme:dark){:root{--back:#101318;--card:#1a1e25;--text:#eceff4;--soft:#a6aebb;--line:#343b47;
--accent:#7fb2ff;--good:#63cf8f;--bad:#ffb07a;--bad-back:#33231a}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
overflow-wrap:anywhere}
main{max-width:44rem;margin:0 auto;padding:1rem 1rem 3rem}
header{padding:.75rem .25rem 1rem}
header p{margin:0;color:var(--soft)}
h1{font-size:1.125rem;margin:0;font-weight:600}
h2{font-size:1.75rem;line-height:1.2;margin:0 0 .25rem}
h3{font-size:1rem;margin:1.75rem 0 .5rem}
p{margin:.25rem 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.25rem;margin:0 0 1rem}
.soft,dt{color:var(--soft)}
.notice{background:var(--bad-back);color:var(--bad);border-radius:.5rem;padding:.75rem 1rem;margin:1rem 0 0}
.steps{list-style:none;margin:1.5rem 0 0;padding:0;display:grid;grid-template-columns:repeat(4,1fr);gap:.375rem}
.steps li{border-top:.3125rem solid var(--line);border-radius:.125rem;padding:.5rem 0 0;font-size:.75rem;line-height:1.3;
hyphens:auto;color:var(--soft)}
.steps .done{border-color:var(--good)}
.steps .now{border-color:var(--accent);color:var(--text);font-weight:600}
.steps .now.last{border-color:var(--good)}
.steps .now.bad{border-color:var(--bad)}
.events,.items{list-style:none;margin:0;padding:0}
.events li{border-left:2px solid var(--line);margin-left:.375rem;padding:0 0 1rem 1.125rem;position:relative}
.events li:last-child{padding-bottom:0}
.events li::before{content:"";position:absolute;left:-.4375rem;top:.4375rem;width:.75rem;height:.75rem;border-radius:50%;
background:var(--line)}
.events li:first-child::before{background:var(--accent)}
.events b{display:block;font-weight:600}
.items li{display:flex;gap:.75rem;justify-content:space-between;border-top:1px solid var(--line);padding:.5rem 0}
.items li:first-child{border-top:0}
.items span:last-child{white-space:nowrap;color:var(--soft)}
dl{margin:1.25rem 0 0}
dt{font-size:.875rem}
dd{margin:0 0 .5rem}
a{color:var(--accent)}
a.go{display:inline-block;margin:1.25rem 0 0;padding:.6875rem 1rem;border:1px solid var(--accent);border-radius:.5rem;
text-decoration:none;font-weight:600}
a:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
@media (min-width:32rem){.steps li{font-size:.8125rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{font-size:1rem}dd{margin:0}}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
`;
