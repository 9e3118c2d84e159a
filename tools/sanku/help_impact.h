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
  --lang zh|en                language of what a person sees

Exit code 0: compared, whether or not something differs; 2: wrong usage, or mistakes in a pack; 3: claims refused; 74: the system
refused to read or write.
)";

} // namespace sanku::command
