// The page's style sheet.
#include "experiment/report_internal.h"

#include "base/svg.h"

// Type, colours and tables.
static const char *const page_style =
    "*{box-sizing:border-box}\n"
    "html{font-size:100%;-webkit-text-size-adjust:100%}\n"
    "body{margin:0;background:var(--paper);color:var(--ink);line-height:1.55;"
    "font-family:Charter,'Bitstream Charter','Sitka Text',Cambria,Georgia,serif}\n"
    "main{max-width:66rem;margin:0 auto;padding:2rem clamp(1rem,4vw,2.5rem) 4rem}\n"
    "h1,h2,h3,table,.note,.tag,.facts,figcaption,nav,details,.answers,.guards{"
    "font-family:system-ui,-apple-system,'Segoe UI',sans-serif}\n"
    "h1{font-size:1rem;font-weight:600;margin:0;letter-spacing:.01em}\n"
    "h2{font-size:1.45rem;line-height:1.25;margin:3.5rem 0 .6rem;padding-top:1.5rem;"
    "border-top:1px solid var(--rule)}\n"
    "h3{font-size:1rem;margin:2.4rem 0 .6rem}\n"
    "p{margin:.5rem 0;max-width:44rem}\n"
    ".note,.facts,figcaption{color:var(--muted);font-size:.84rem;line-height:1.45}\n"
    ".facts{display:flex;flex-wrap:wrap;gap:.15rem 1.4rem;margin:.6rem 0 0;padding:0}\n"
    ".facts div{display:flex;gap:.4rem}.facts dd{margin:0;color:var(--ink);"
    "font-variant-numeric:tabular-nums}\n"
    ".lead{font-size:clamp(1.25rem,1rem + 1.6vw,1.8rem);line-height:1.32;margin:.5rem 0 1rem;"
    "max-width:38rem;text-wrap:balance}\n"
    ".tag{display:inline-block;font-size:.78rem;font-weight:600;letter-spacing:.02em;"
    "padding:.16rem .6rem;border-radius:1rem;color:var(--v);border:1.5px solid var(--v)}\n"
    ".helps{--v:var(--c2)}.does_not_help{--v:var(--c1)}.not_enough_evidence{--v:var(--c4)}"
    ".none{--v:var(--muted)}\n"
    "header{border-left:.3rem solid var(--v);padding-left:1.1rem}\n"
    ".figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));"
    "gap:2rem 3rem;margin:1.6rem 0}\n"
    "figure{margin:0;min-width:0}figcaption{margin-bottom:.7rem;max-width:30rem}"
    "figcaption b{color:var(--ink);font-weight:600}\n"
    ".wide{overflow-x:auto;margin:1rem 0}\n"
    "table{border-collapse:collapse;font-size:.84rem;line-height:1.35;"
    "font-variant-numeric:tabular-nums}\n"
    "caption{text-align:left;color:var(--muted);padding-bottom:.5rem}\n"
    "th,td{text-align:right;padding:.45rem .75rem;border-bottom:1px solid var(--rule);"
    "vertical-align:top;white-space:nowrap}\n"
    "th:first-child,td:first-child{text-align:left;padding-left:0;white-space:normal;"
    "min-width:9rem;position:sticky;left:0;background:var(--paper)}\n"
    "thead th{font-weight:500;color:var(--muted);vertical-align:bottom;white-space:normal}\n"
    "tbody th{font-weight:500}tr.hybrid th,tr.hybrid td{font-weight:650}\n"
    "th small,td small{display:block;font-weight:400;color:var(--muted)}\n"
    "td.text{text-align:left}\n";

// The page's particular pieces, small screens and paper.
static const char *const piece_style =
    ".swatch{display:inline-block;width:.62em;height:.62em;border-radius:50%;"
    "background:var(--c);margin-right:.45em}\n"
    ".query{display:grid;grid-template-columns:minmax(7rem,11rem) 1fr;gap:.8rem 1.2rem;"
    "padding:.9rem 0;border-bottom:1px solid var(--rule);align-items:center}\n"
    ".query q{quotes:'\\201C' '\\201D';font-style:italic}\n"
    ".answers{list-style:none;display:grid;grid-template-columns:repeat(auto-fill,"
    "minmax(3.2rem,6rem));gap:.6rem .4rem;margin:0;padding:0;font-size:.74rem;line-height:1.3}\n"
    ".answers li{min-width:0;text-align:center;color:var(--muted);overflow-wrap:anywhere}\n"
    ".answers small{white-space:nowrap;font-variant-numeric:tabular-nums}\n"
    ".answers b{color:var(--c2);margin-right:.3em}.answers .right "
    "span{color:var(--ink);font-weight:600}\n"
    ".answers.words{display:block;font-size:.84rem}.answers.words li{text-align:left;"
    "padding-left:1.2rem}.answers.words b{display:inline-block;width:1.2rem;margin:0 0 0 -1.2rem}\n"
    "img{display:block;width:3.4rem;max-width:100%;aspect-ratio:1;object-fit:contain;"
    "background:#fff;border:1px solid var(--rule);border-radius:.4rem;padding:.2rem}\n"
    ".answers img{margin:0 auto .3rem}.right img{outline:2.5px solid var(--c2);"
    "outline-offset:1px}\n"
    "pre{font:.78rem/1.25 ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;"
    "background:var(--panel);padding:.9rem 1rem;border-radius:.4rem;overflow-x:auto;margin:.8rem "
    "0}\n"
    "summary{cursor:pointer;color:var(--muted);font-size:.84rem}\n"
    ".guards{list-style:none;padding:0;margin:.4rem 0;font-size:.88rem}\n"
    ".guards li{padding:.35rem 0 .35rem 1.6rem;text-indent:-1.6rem}\n"
    ".guards b{display:inline-block;width:1.6rem;text-indent:0;color:var(--c2)}"
    ".guards .failed b,.bad{color:var(--c1);font-weight:650}\n"
    ".guards span{color:var(--muted)}\n"
    ".glossary{display:grid;grid-template-columns:minmax(8rem,12rem) 1fr;gap:.5rem 1.2rem;"
    "font-size:.9rem}.glossary dt{font-weight:600}.glossary dd{margin:0;max-width:44rem}\n"
    "@media (max-width:34rem){.glossary,.query{grid-template-columns:1fr}.glossary{gap:.1rem}"
    ".answers{grid-template-columns:repeat(5,1fr)}"
    ".glossary dd{margin-bottom:.7rem}th,td{padding:.4rem .55rem}}\n"
    "@media print{main{max-width:none;padding:0}figure,tr,.query,pre{break-inside:avoid}"
    "h2,h3{break-after:avoid}.wide{overflow:visible}body{font-size:10pt}}\n";

void qhm_report_print_style(qhm_text *out)
{
    qhm_text_append(out, qhm_svg_style());
    qhm_text_append(out, page_style);
    qhm_text_append(out, piece_style);
}
