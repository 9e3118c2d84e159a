// The texts of `sanku impact --help` and `sanku outcomes --help`, in both languages, for help.cpp.
#pragma once

#include <string_view>

namespace sanku::command {

inline constexpr std::string_view impact_help_zh =
    R"(sanku impact 原规则包 新规则包 --in 文件        启用之前：换成新规则包，疑点会有什么变化

在同一批结算单上比较两个规则包：哪些疑点增加、减少、改变（程度、金额、可追回、明细、说明），各涉及多少条明细、多少元，
按规则、就医地区、机构和月份列出。结算单只读一遍；经比对确认未变的规则只审核一次，可追回金额在两侧分别计算。

  sanku impact store/my my-2.pack --in 结算单.ndjson
  sanku impact national-2025 national-2026 --in 结算单.ndjson --html 影响.html --out 差别.ndjson
  sanku impact national national --new-overlay 某省 --in 结算单.ndjson

选项：
  --in 文件|文件夹|-          结算单，同 sanku run
  --in-format 格式            ndjson、csv、parquet 或 skb，缺省按路径判断
  --encoding 编码             CSV 的编码：utf-8（缺省）或 gb18030
  --format table|json         结果的格式，缺省 table
  --html 文件                 另写一份网页报告，无需网络即可打开
  --out 文件                  另写出每一处差别，每行一个 JSON：原疑点、新疑点、改变了什么
  --rejects 文件              被拒收的记录及原因
  --overlay 文件夹            两侧都叠加的地方化，可重复
  --old-overlay 文件夹        只在原规则包上叠加的地方化，可重复
  --new-overlay 文件夹        只在新规则包上叠加的地方化，可重复
  --region 代码               结算单没有写明地区时的地区
  --as-of 日期                按该日有效的内容审核
  --as-known 日期             按该日已公布的知识审核
  --known-since 日期          从哪日起每个人的就诊都在输入中
  --known-until 日期          到哪日止
  --threads 数                线程数，缺省为处理器数
  --memory 兆字节             等待后续记录时可用的内存，缺省 256
  --batch 张数                每批结算单数，缺省 4096
  --engine jit|evaluator      编译执行（缺省）或解释执行
  --level none|optimised      编译的优化级别
  --cpu 名称                  为哪种处理器编译
  --no-cache                  不用保存的编译结果
  --no-index                  不用索引
  --strict                    遇到第一条被拒收的记录即停止
  --identities                写出个人身份字段
  --trust 文件                规则包为文件时用以验证的信任根（或环境变量 SANKU_TRUST）
  --base 规则包               地方化所基于的规则包：地方化为文件时按名称和摘要选取，为文件夹时用第一个；可重复
  --lang zh|en                界面语言

退出码 0：比较完成，不论有无差别；2：用法有误或规则包有错误；3：结算单被拒收；74：系统拒绝读写。
)";

inline constexpr std::string_view impact_help_en =
    R"(sanku impact OLD NEW --in DATA        before it is deployed: what does the new pack change?

Compares two packs on the same claims: which findings come, go or change (severity, amount, what can be had back, lines, message), with
lines and yuan, by rule, place of care, institution and month. Claims are read once; rules that are proven the same are judged once, and
what can be had back is worked out for each side.

  sanku impact store/my my-2.pack --in claims.ndjson
  sanku impact national-2025 national-2026 --in claims.ndjson --html impact.html --out differences.ndjson
  sanku impact national national --new-overlay province --in claims.ndjson

Options:
  --in FILE|FOLDER|-          the claims, as for sanku run
  --in-format FORMAT          ndjson, csv, parquet or skb, by default what the path looks like
  --encoding NAME             of CSV: utf-8 (the default) or gb18030
  --format table|json         of the result, by default table
  --html FILE                 also write a report as one page that opens without a network
  --out FILE                  also write each difference, one JSON object a line: before, after, and what changed
  --rejects FILE              records that were rejected, with reasons
  --overlay DIR               an overlay on both packs; may be repeated
  --old-overlay DIR           an overlay on the old pack alone; may be repeated
  --new-overlay DIR           an overlay on the new pack alone; may be repeated
  --region CODE               where claims are from that do not say
  --as-of DATE                judge by what is in force on that day
  --as-known DATE             leave out knowledge published later
  --known-since DATE          since when the input has all visits of everybody
  --known-until DATE          until when
  --threads N                 threads, by default one a processor
  --memory MB                 for records that wait for others, by default 256
  --batch N                   settlements a batch, by default 4096
  --engine jit|evaluator      compiled (the default) or evaluated
  --level none|optimised      how code is optimised
  --cpu NAME                  processor to compile for
  --no-cache                  do without kept code
  --no-index                  do without the index
  --strict                    stop at the first record that is rejected
  --identities                print fields that name a person
  --trust FILE                the trust root that pack files are verified against (or SANKU_TRUST)
  --base PACK                 what an overlay lies on: of a pack file what it is pinned to, of a folder the first; repeatable
  --lang zh|en                language of what a person sees

Exit code 0: compared, whether or not something differs; 2: wrong usage, or mistakes in a pack; 3: claims refused; 74: the system
refused to read or write.
)";

inline constexpr std::string_view outcomes_help_zh =
    R"(sanku outcomes --findings 疑点 --verdicts 结论        复核结论的台账

把复核、申诉的结论（成立、部分成立、驳回及金额）读回，按疑点的 id 与疑点对应，列出各规则、各规则包版本、各地区的准确率
（成立与部分成立所占比例）及 95% 区间、涉及金额和成立金额。准确率低于要求的规则，建议由“明确违规”降为“可疑”。
地区取自疑点（sanku run 的 places 选项写明）或结论。

  sanku outcomes --findings 疑点.ndjson --verdicts 结论.csv --ledger 台账.ndjson --policy 要求.toml

结论每行一条，NDJSON 或 CSV（首行列名）：
  finding   疑点的 id                    verdict   confirmed 成立、partly 部分成立、rejected 驳回
  amount    成立的金额（元），部分成立必填   date      作出结论的日期
  stage     review 复核（缺省）或 appeal 申诉   region、by、note   地区、作出者、备注，可省

同一条结论再次读入不起作用；同一疑点以日期在后者、同日的申诉、后读入者为准，原有的仍留在台账中。有误的行写明位置和
改法，其余照常计入。

选项：
  --findings 文件             sanku run 输出的 NDJSON，可重复
  --verdicts 文件             结论，.csv 为 CSV，其余为 NDJSON，可重复
  --ledger 文件               台账：已有的结论计入，新的加在末尾，从不改写
  --pack 规则包               按其中规则的 was，把改名前的疑点计入改名后的规则
  --policy 文件               各规则的准确率要求（TOML：precision、least，[rules.规则] 下可另定）；缺省 0.9
  --rejects 文件              有误的行及原因
  --format table|json         结果的格式，缺省 table
  --lang zh|en                界面语言

退出码 0：没有应降级的规则；1：有；2：用法有误；3：没有可用的结论，或 --findings 不是疑点；74：系统拒绝读写。
)";

inline constexpr std::string_view outcomes_help_en =
    R"(sanku outcomes --findings FILE --verdicts FILE        what reviews made of findings

Reads the verdicts of reviews and appeals back (confirmed, upheld in part, rejected, with amounts), joins them to findings by id, and
gives for each rule, version of the pack and place the precision (the share upheld, wholly or in part) with its 95 % interval, and the
yuan found and upheld. A rule below what its policy asks for is reported for demotion from violation to suspected.
The place is the finding's (sanku run writes it if asked by its option places) or the verdict's.

  sanku outcomes --findings findings.ndjson --verdicts verdicts.csv --ledger ledger.ndjson --policy policy.toml

A verdict a line, NDJSON or CSV (the first line names the columns):
  finding   the id of a finding            verdict   confirmed, partly or rejected
  amount    yuan upheld; needed of partly  date      the day of the verdict
  stage     review (the default) or appeal region, by, note   may be left out

The same verdict again changes nothing; of several on one finding the later day counts, of one day the appeal, then what was read last,
and all stay in the ledger. A line that is wrong is told with its place and what would be right; the others count.

Options:
  --findings FILE             NDJSON that sanku run wrote; may be repeated
  --verdicts FILE             verdicts, CSV if it ends in .csv, else NDJSON; may be repeated
  --ledger FILE               verdicts kept: those in it count, new ones are added at its end, nothing in it is changed
  --pack PACK                 findings by a rule's old id count for the rule that says it was renamed (`was`)
  --policy FILE               what rules must reach (TOML: precision, least, and [rules.ID]); by default 0.9
  --rejects FILE              lines that are wrong, with reasons
  --format table|json         of the result, by default table
  --lang zh|en                language of what a person sees

Exit code 0: no rule to demote; 1: some; 2: wrong usage; 3: no verdict can be used, or --findings holds no findings; 74: the system
refused to read or write.
)";

} // namespace sanku::command
