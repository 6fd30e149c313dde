#pragma once

#include <string_view>

namespace mlsd::report::detail {

/// The one style sheet of a page. Series colours are those of Okabe and Ito (Color universal design, 2008), darkened on
/// paper and lightened on black until each has a contrast of 3:1.
inline constexpr std::string_view style = R"css(
:root{color-scheme:light dark;--paper:#fffff8;--ink:#1b1b18;--soft:#62625a;--hair:#e4e3d8;--rule:#a9a89c;
--ghost:#cfcdc0;
--ok:#00694b;--warn:#8a5a00;--alarm:#b3261e;--c0:#0060a8;--c1:#c04a00;--c2:#00805c;--c3:#a8447c;--c4:#2a7fb0;
--c5:#8c6a00}
@media screen and (prefers-color-scheme:dark){:root{--paper:#141413;--ink:#e9e7dd;--soft:#a3a197;--hair:#2d2d2a;
--rule:#6f6e66;--ghost:#45443e;--ok:#4cc79b;--warn:#e6ab3c;--alarm:#ff8a7a;--c0:#6db8f2;--c1:#f0894e;--c2:#3fc79a;
--c3:#e295bf;
--c4:#9ad2f0;--c5:#dcc158}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.5 Charter,"Bitstream Charter","Iowan Old Style",
"Palatino Linotype",Palatino,Georgia,serif}
main{max-width:72rem;margin:0 auto;padding:clamp(1rem,4vw,3.5rem) clamp(1rem,4vw,2.5rem);display:grid;
grid-template-columns:repeat(auto-fill,minmax(min(100%,27rem),1fr));gap:1.75rem 3rem;align-items:start}
header,h2,p.text,dl,.scroll{grid-column:1/-1}
h1{font-size:clamp(1.7rem,1.2rem + 2vw,2.6rem);line-height:1.15;font-weight:400;margin:0;text-wrap:balance}
header p{margin:.5rem 0 0;color:var(--soft);font-style:italic;max-width:44rem}
h2{font-size:1.35rem;font-weight:400;font-style:italic;margin:1rem 0 -.75rem;padding-top:1rem;
border-top:1px solid var(--hair)}
p.text{margin:0;max-width:40rem}
h1,h2,p,dd,dt,tbody th,caption,figcaption,.key span{overflow-wrap:anywhere}
dl,table,figure,.key{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,
sans-serif}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,9.5rem),1fr));gap:1.25rem 2rem;margin:0}
dl div{border-top:2px solid var(--rule);padding-top:.45rem;display:flex;flex-direction:column;min-width:0}
dl div.ok{border-color:var(--ok)}dl div.warn{border-color:var(--warn)}dl div.alarm{border-color:var(--alarm)}
dt{font-size:.8125rem;color:var(--soft)}
dd{margin:0;font-size:.8125rem;color:var(--soft)}
dd.value{font-size:1.75rem;line-height:1.25;color:var(--ink);font-variant-numeric:lining-nums tabular-nums;
letter-spacing:-.01em}
.scroll{overflow-x:auto;min-width:0}
table{border-collapse:collapse;font-size:.875rem;line-height:1.35;font-variant-numeric:lining-nums tabular-nums}
caption{text-align:left;padding-bottom:.5rem;color:var(--soft);max-width:calc(100vw - 2rem)}
caption b,figcaption b{color:var(--ink);font-weight:600}
th,td{text-align:left;font-weight:400;padding:.3rem 1.5rem .3rem 0;vertical-align:middle}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--soft);font-size:.8125rem;vertical-align:bottom;border-bottom:1px solid var(--rule)}
tbody tr+tr>*{border-top:1px solid var(--hair)}
tbody th,td{max-width:22rem;overflow-wrap:break-word}tbody th{min-width:6.5rem;
position:sticky;left:0;background:var(--paper)}
.n{text-align:right;white-space:nowrap}
.ci{display:block;font-size:.75rem;color:var(--soft)}
.chip{white-space:nowrap;font-weight:600}.chip i{font-style:normal;font-size:.75em}
.chip.ok{color:var(--ok)}.chip.warn{color:var(--warn)}.chip.alarm{color:var(--alarm)}
figure{margin:0;min-width:0;font-size:.875rem;line-height:1.35}
figcaption{color:var(--soft)}
.key{display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;margin:.35rem 0 0;color:var(--ink);font-size:.8125rem}
.key span{display:inline-flex;align-items:center;gap:.4rem;min-width:0}
.key svg{width:28px;height:12px;flex:none}
svg{display:block;overflow:visible}
figure>svg{width:100%;height:auto;margin-top:.6rem}
svg text{font-size:12px;fill:var(--soft);font-variant-numeric:lining-nums tabular-nums}
svg .name{fill:var(--ink)}
svg .halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round;fill:var(--ink)}
.profile{width:110px;height:24px}
.grid{stroke:var(--hair)}.zero,.base{stroke:var(--rule)}
.rule,.diagonal{stroke:var(--soft);stroke-dasharray:2 3;fill:none}
.rule.ok{stroke:var(--ok)}.rule.warn{stroke:var(--warn)}.rule.alarm{stroke:var(--alarm)}
.s0{--c:var(--c0)}.s1{--c:var(--c1)}.s2{--c:var(--c2)}.s3{--c:var(--c3)}.s4{--c:var(--c4)}.s5{--c:var(--c5)}
.line{fill:none;stroke:var(--c);stroke-width:1.75;stroke-linejoin:round;stroke-linecap:butt}
.line.s1{stroke-dasharray:7 3}.line.s2{stroke-dasharray:2 2.5}.line.s3{stroke-dasharray:9 3 2 3}
.line.s4{stroke-dasharray:4 4}.line.s5{stroke-dasharray:12 4}
.line.step{stroke-width:1.5;stroke-linejoin:miter}
.band{fill:var(--c);fill-opacity:.14;stroke:none}
.dot{fill:var(--c);stroke:var(--paper);stroke-width:1}
.whisker{stroke:var(--c,var(--ink));stroke-width:1.25}
.bar{fill:var(--c0)}.bar.ok{fill:var(--ok)}.bar.warn{fill:var(--warn)}.bar.alarm{fill:var(--alarm)}
.ghost{fill:var(--ghost)}
details{margin-top:.35rem}
summary{cursor:pointer;color:var(--soft);font-size:.8125rem;width:max-content}
details table{font-size:.8125rem;margin-top:.4rem}
.spoken{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:30rem){svg text{font-size:13px}th,td{padding-right:.9rem}}
@media print{:root{--paper:#fff}body{font-size:10.5pt}main{padding:0;max-width:none;grid-template-columns:1fr 1fr;
gap:1.2rem 2rem}
figure,tr,dl div{break-inside:avoid}h2{break-after:avoid}details{display:none}.scroll{overflow:visible}
svg,.chip{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)css";

}  // namespace mlsd::report::detail
