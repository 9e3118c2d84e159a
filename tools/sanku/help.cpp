// What `--help` says: how to do a thing, with examples, before the list of options. One text a
// command and language; command_test checks that every option stands in both.
#include "tools/sanku/command.h"
#include "tools/sanku/help_doc.h"
#include "tools/sanku/help_effective.h"
#include "tools/sanku/help_impact.h"
#include "tools/sanku/help_pack.h"
#include "tools/sanku/help_test.h"
#include "tools/sanku/version.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sanku::command {
namespace {

struct Help {
  std::string_view name, zh, en;
};

constexpr std::array<Help, 16> texts = {{
    {"",
     R"(三库 {version}：医保结算审核的规则语言。规则由医师、药师和编码员书写，编译后逐单审核。

先试三步：
  sanku check stdlib-rules/national                           规则写得对不对
  sanku test  stdlib-rules/national                           规则旁边的测试是否通过
  sanku run   --pack stdlib-rules/national --in 结算单.ndjson   审核，输出疑点

命令：
{commands}
选项：
  --lang zh|en    界面语言，缺省随系统区域设置；输出的 NDJSON 不随语言变化
  --version       版本
  --help          本说明；`sanku 命令 --help` 说明各命令

退出码：
  0 没有疑点   1 有疑点，或有测试未通过，或规则有错误   2 用法有误   3 输入数据被拒收
  70 sanku 自身的缺陷   74 系统拒绝读写（磁盘已满、管道已关闭）

标准输出只有数据；进度只在终端上显示于标准错误。NO_COLOR 关闭颜色。
)",
     R"(Sanku {version}: the rule language for reviewing medical-insurance settlements. Physicians, pharmacists and coders
write the rules; compiled, they examine every settlement.

Three steps to begin with:
  sanku check stdlib-rules/national                            are the rules right?
  sanku test  stdlib-rules/national                            do the tests beside them pass?
  sanku run   --pack stdlib-rules/national --in claims.ndjson  examine, and write the findings

Commands:
{commands}
Options:
  --lang zh|en    language of what a person sees, by default the locale's; NDJSON is the same in both
  --version       the version
  --help          this text; `sanku COMMAND --help` teaches one command

Exit codes:
  0 clean   1 findings, failed tests, or mistakes in rules   2 wrong usage   3 input data refused
  70 a fault of sanku itself   74 the system refused to read or write (full disk, closed pipe)

stdout carries data only; progress is on stderr, on a terminal only. NO_COLOR turns colours off.
)"},
    {"check",
     R"(sanku check 路径…        检查规则中的错误

列出全部错误：在哪里、发现了什么、怎么改。路径是规则包文件夹（含 pack.toml）、其中的文件夹或单个文件；
总是连同整个规则包一起读，只显示所给路径内的错误。

  sanku check stdlib-rules/national
  sanku check stdlib-rules/national/medical/drug_sex.sanku
  sanku check --fix 我的规则包                              改正有把握的错误
  sanku check --format sarif 我的规则包 > 错误.sarif        供编辑器和持续集成使用

选项：
  --fix                       就地应用错误信息中给出的改法，再检查一遍，列出余下的错误
  --plan                      没有错误时列出每条规则如何找到对象、最多要算多少步、要逐行看哪些知识表
  --prove                     没有错误时用求解器（Z3）查找永远不会触发的规则、不起作用的条件和分支、相互重复的规则，附最小的结算单
  --against 规则包 --rule 编号 --strict   与 --prove 同用：与另一版本逐条比较；只看这一条；有冲突时退出码为 1
  --lines N --visits N --seconds N   求解的范围：每个列表至多几行、几次就诊、每条规则约几秒（折合步数）；范围内没有反例不等于证明
  --format text|json|sarif    输出格式，缺省 text；--prove 可用 text、json
  --overlay 文件夹            另加一个地方化，可重复；其下各有 pack.toml 的文件夹表示全部
  --region 代码               未写明地区的结算单属于哪里（六位行政区划代码）；规则包本身是地方化时缺省为其地区
  --as-of 日期                按此日而非结算单的日期取参数、有效期和生效日期
  --as-known 日期             只用此日以前发布的知识
  --trust 文件                规则包为文件时用以验证的信任根（或环境变量 SANKU_TRUST）
  --base 规则包               地方化所基于的规则包：地方化为文件时按名称和摘要选取，为文件夹时用第一个；可重复
  --lang zh|en                界面语言

退出码 0：没有错误；1：有错误。`sanku explain-code SK2104` 详细解释某个代码。
)",
     R"(sanku check PATH…        find the mistakes in rules

Lists all of them: where, what was found, what to do. A path is a pack (a folder with pack.toml), a folder inside one or a single
file; the whole pack is read in any case, and what is wrong within the paths is shown.

  sanku check stdlib-rules/national
  sanku check stdlib-rules/national/medical/drug_sex.sanku
  sanku check --fix my-pack                                   correct what is sure
  sanku check --format sarif my-pack > mistakes.sarif         for editors and continuous integration

Options:
  --fix                       apply the corrections that messages offer to the files, check again, show what is left
  --plan                      where nothing is wrong, say how each rule finds its subjects, how many steps it takes at most, and which tables it
                              walks row by row
  --prove                     where nothing is wrong, ask a solver (Z3) for rules that never fire, conditions and branches that
                              decide nothing, rules that repeat one another; each with the smallest claim, replayed
  --against PACK --rule ID --strict   with --prove: compare with another version; this rule only; conflicts exit with 1
  --lines N --visits N --seconds N   how far is searched: elements in a list, visits, seconds a rule (as steps); no proof by itself
  --format text|json|sarif    form of the output, by default text; with --prove text or json
  --overlay DIR               an overlay as well, repeatable; a folder of overlays stands for all in it
  --region CODE               where claims are from that do not say (six digits); by default that of an overlay that is
                              named as the pack
  --as-of DATE                parameters, validity and dates as of this day instead of the claim's
  --as-known DATE             only knowledge that was published by this day
  --trust FILE                the trust root that a pack file is verified against (or SANKU_TRUST)
  --base PACK                 what an overlay lies on: of a pack file what it is pinned to, of a folder the first; repeatable
  --lang zh|en                language of what a person sees

Exit code 0: no mistakes; 1: mistakes. `sanku explain-code SK2104` says more about a code.
)"},
    {"fmt",
     R"(sanku fmt 路径…        按统一版式整理规则文件

就地改写规则、结构和测试文件：子句对齐成一列，过长的行在合适之处折行，注释和空行保留原位。再整理一次结果不变，含义不变。
路径是文件，或文件夹（其下全部 *.sanku，不必是规则包）。改动了的文件逐行列在标准输出；无须改动的文件不会重写。
有语法错误的文件保持原样，错误显示在标准错误。

  sanku fmt stdlib-rules/national
  sanku fmt --to zh 我的规则包                               语言自身的词改为中文写法
  sanku fmt --check stdlib-rules                             只列出会改动的文件，供持续集成使用
  sanku fmt --stdin < 规则.sanku                             供编辑器使用

选项：
  --to zh|en                  语言自身的词用中文或英文写法，缺省保持文件中多数词的写法；作者起的名称不翻译
  --check                     不写文件，只列出会改动的文件
  --stdin                     从标准输入读，写到标准输出
  --lang zh|en                界面语言

退出码 0：已整理好；1：有文件含语法错误，或 --check 时有文件会改动；74：文件无法写入。
)",
     R"(sanku fmt PATH…        lay rule files out

Rewrites files of rules, schemas and tests in place: clauses in one column, lines that are too long broken where they may be, comments
and blank lines where they were. Doing it again changes nothing, and the meaning stays. A path is a file, or a folder (all *.sanku
below it; it need not be a pack). Files that changed are listed on standard output; others are not touched. A file with mistakes of
syntax is left alone, and its mistakes are shown on standard error.

  sanku fmt stdlib-rules/national
  sanku fmt --to zh my-pack                                  the language's own words in Chinese
  sanku fmt --check stdlib-rules                             only list what would change, for continuous integration
  sanku fmt --stdin < rules.sanku                            for editors

Options:
  --to zh|en                  spelling of the language's own words, by default that of most of the file's; the author's names
                              are not translated
  --check                     write nothing, list the files that would change
  --stdin                     from standard input to standard output
  --lang zh|en                language of what a person sees

Exit code 0: all is laid out; 1: a file has mistakes of syntax, or --check found one that would change; 74: a file cannot be written.
)"},
    {"test", test_help_zh, test_help_en},
    {"run",
     R"(sanku run --pack 规则包 --in 文件        审核结算单，输出疑点

输入：NDJSON 文件，每行一个国家智能审核接口 3101/3102 的请求（带或不带公共信封，嵌套或平铺均可）；或 CSV 文件夹，
内有 settlement.csv、items.csv、diagnoses.csv、operations.csv，字段名同医保信息平台，按 mdtrt_id、setl_id 关联；或 sanku convert 生成的块文件（.skb）。
输出：每条疑点一行（NDJSON 或 CSV）、供人阅读的表格，或每张结算单一个 3101 应答。读不懂的记录写入拒收文件，注明行号、字节位置和原因，其余照常审核。同样的输入得到逐字节相同的输出，与线程数、
批量大小和执行方式无关。

  sanku run --pack stdlib-rules/national --in 结算单.ndjson --out 疑点.ndjson --stats
  sanku run --pack stdlib-rules/national --in 结算单.ndjson --format table | less
  sanku run --pack stdlib-rules/national --in 结算单文件夹 --format csv --bom --out 疑点.csv
  zcat 结算单.ndjson.gz | sanku run --pack stdlib-rules/national --in - | jq .message

选项：
  --pack 文件夹               规则包
  --overlay 文件夹            另加一个地方化，可重复；其下各有 pack.toml 的文件夹表示全部
  --region 代码               未写明地区的结算单属于哪里（六位行政区划代码）；规则包本身是地方化时缺省为其地区
  --as-of 日期                按此日而非结算单的日期取参数、有效期和生效日期
  --as-known 日期             只用此日以前发布的知识
  --in 文件|文件夹|-          结算单；文件夹为 CSV，- 为标准输入
  --in-format ndjson|csv|skb|parquet
                              输入格式，缺省按 --in：文件夹为 csv 或 parquet，.skb 为块文件，其余为 ndjson
  --encoding utf-8|gb18030    CSV 的编码，缺省自动识别
  --known-since 日期          自此日起输入包含每个人的全部就诊；缺省为输入中所审就诊最早结束之日。再往前的既往视为不明
  --known-until 日期          至此日为止；缺省为其中最晚结束之日
  --answers 文件              申诉材料：对规则待证问题的答复（CSV 或 NDJSON，列为 mdtrt_id、setl_id（可无）、question、answer），审核前加入
                              所属就诊，等同请求中带有；文件有误则不审核，未采用的逐条说明
  --history 文件夹            既往库：审核时一并看其中的既往，结束时把本次的就诊写入，过期的移出；没有则新建
  --out 文件                  疑点写入文件（写完才改名到位），缺省为标准输出
  --rejects 文件              被拒收的记录，缺省为 名称.rejects.ndjson，与疑点文件同处
  --format ndjson|csv|table|3101
                              输出格式，缺省 ndjson；直接输出到终端时为 table；3101 每张结算单一个应答，
                              不含按机构等跨就诊分组的规则
  --bom                       CSV 以字节序标记开头，使电子表格软件正确显示中文
  --threads 数量              线程数，缺省为处理器数
  --batch 数量                每批结算单数，缺省 4096
  --memory 兆字节             合并、退费所需等待的记录占用内存的上限，缺省 256；超出部分暂存于 TMPDIR
  --engine jit|evaluator      编译执行（缺省）或解释执行；结果相同
  --level none|optimised      只用这一优化级别；缺省先用 none，后台优化完成后在批次之间换上
  --cpu 名称                  为该处理器编译（LLVM 名称），缺省为本机
  --no-cache                  不读也不存编译缓存（SANKU_CACHE 指定其文件夹）
  --no-index                  不用索引，逐项检查；结果相同
  --strict                    遇到第一条被拒收的记录即停止，退出码 3
  --stats                     附上按规则汇总、工作量和用时
  --places                    每条疑点写明就医地区、机构和月份（NDJSON）
  --identities                允许输出患者姓名和证件号
  --trust 文件                规则包为文件时用以验证的信任根（或环境变量 SANKU_TRUST）
  --base 规则包               地方化所基于的规则包：地方化为文件时按名称和摘要选取，为文件夹时用第一个；可重复
  --lang zh|en                界面语言

退出码 0：没有疑点；1：有疑点；3：输入被拒收。
)",
     R"(sanku run --pack DIR --in FILE        examine claims and write the findings

Input: one request of the national audit interface 3101/3102 a line (NDJSON; with or without its envelope, nested or flat), or a
folder of CSV: settlement.csv, items.csv, diagnoses.csv, operations.csv with the national platform's field names, joined by mdtrt_id
and setl_id, or a block file (.skb) that `sanku convert` made. Output: one finding a line (NDJSON, CSV), a table for people, or a 3101 reply a settlement. A record that cannot be read goes to the rejects file with line, byte offset and reason; the others are examined. The same
input gives the same bytes, whatever the threads, the batch or the engine.

  sanku run --pack stdlib-rules/national --in claims.ndjson --out findings.ndjson --stats
  sanku run --pack stdlib-rules/national --in claims.ndjson --format table | less
  sanku run --pack stdlib-rules/national --in claims-folder --format csv --bom --out findings.csv
  zcat claims.ndjson.gz | sanku run --pack stdlib-rules/national --in - | jq .message

Options:
  --pack DIR                  the rule pack
  --overlay DIR               an overlay as well, repeatable; a folder of overlays stands for all in it
  --region CODE               where claims are from that do not say (six digits); by default that of an overlay that is
                              named as the pack
  --as-of DATE                parameters, validity and dates as of this day instead of the claim's
  --as-known DATE             only knowledge that was published by this day
  --in FILE|FOLDER|-          the claims; a folder holds CSV, - is standard input
  --in-format ndjson|csv|skb|parquet
                              form of the input, by default csv or parquet for a folder, skb for a block file, else ndjson
  --encoding utf-8|gb18030    of CSV, by default found out
  --known-since DATE          since this day the input has all visits of everybody; by default since the first day on which one
                              of the visits that are judged ended. What lies before is unknown, not empty
  --known-until DATE          until this day; by default the last on which one of those ended
  --answers FILE              an appeal's answers to what rules ask (CSV or NDJSON with mdtrt_id, question, answer and, if wanted,
                              setl_id), put to their visits before these are judged, as if the claims had carried them; a
                              mistake in the file stops the run, and each answer that was not taken is told
  --history DIR               a history: the visits in it are looked at as the past, and at the end those of this run go into it,
                              while what no rule can look at any more leaves; it is made where there is none
  --out FILE                  findings into a file, renamed into place when complete; by default standard output
  --rejects FILE              refused records; by default NAME.rejects.ndjson beside the findings
  --format ndjson|csv|table|3101
                              form of the output, by default ndjson; table where it is a terminal; 3101: a reply for
                              each settlement, without what rules on groups across visits find
  --bom                       begin CSV with a byte order mark, so that spreadsheet programs show Chinese
  --threads N                 by default one a processor
  --batch N                   settlements a batch, by default 4096
  --memory MB                 for records that wait for others of their visit, by default 256; what is
                              beyond is kept in TMPDIR meanwhile
  --engine jit|evaluator      compiled code (the default) or the evaluator; the findings are the same
  --level none|optimised      only this level; by default none at once, and what is optimised
                              behind takes its place between batches
  --cpu NAME                  the processor to compile for, as LLVM names it; by default this one
  --no-cache                  neither read nor keep compiled code (SANKU_CACHE names its folder)
  --no-index                  examine every line against every rule; the findings are the same
  --strict                    stop at the first record that is refused, with exit code 3
  --stats                     add a summary by rule, the work done and the time taken
  --places                    say of each finding where it was, region, institution, month (NDJSON)
  --identities                allow names and identity numbers of patients in the output
  --trust FILE                the trust root that a pack file is verified against (or SANKU_TRUST)
  --base PACK                 what an overlay lies on: of a pack file what it is pinned to, of a folder the first; repeatable
  --lang zh|en                language of what a person sees

Exit code 0: no findings; 1: findings; 3: the input was refused.
)"},
    {"convert",
     R"(sanku convert --in 文件 --out 文件        把结算单换成另一种格式

在 NDJSON、CSV 文件夹、Parquet 文件夹和块文件（.skb）之间互换；记录照原样转换，不合并、不冲销。块文件按列存放并压缩，读取最快，适合反复审核；
其内容是结算数据，权限为 0600。Parquet 经 DuckDB 读写，需先 ./dev duckdb；各表按就诊号、结算号排序。读不懂的记录写入拒收文件，其余照常转换。

  sanku convert --in 结算单.ndjson --out 结算单.skb
  sanku convert --in 结算单.skb --out 结算单文件夹 --out-format csv

选项：
  --in 文件|文件夹|-          结算单；文件夹为 CSV，- 为标准输入
  --in-format ndjson|csv|skb|parquet
                              输入格式，缺省按 --in
  --encoding utf-8|gb18030    CSV 的编码，缺省自动识别
  --out 文件|文件夹|-         写到哪里（写完才改名到位）；- 为标准输出，仅限 NDJSON
  --out-format ndjson|csv|skb|parquet
                              输出格式，缺省按 --out：.skb 为块文件，.parquet 为 Parquet 文件夹，.ndjson、.jsonl、.json 与 - 为 ndjson，其余为 csv 文件夹
  --pack 文件夹               取数据结构的规则包，缺省为国家规则包
  --rejects 文件              被拒收的记录，缺省为 名称.rejects.ndjson，与输出同处
  --threads 数量              线程数，缺省为处理器数
  --strict                    遇到第一条被拒收的记录即停止，什么也不写，退出码 3
  --trust 文件                规则包为文件时用以验证的信任根（或环境变量 SANKU_TRUST）
  --base 规则包               地方化所基于的规则包：地方化为文件时按名称和摘要选取，为文件夹时用第一个；可重复
  --lang zh|en                界面语言

退出码 0：已转换；3：输入被拒收。
)",
     R"(sanku convert --in FILE --out FILE        put claims into another form

Between NDJSON, a folder of CSV files, a folder of Parquet tables and a block file (.skb); records stay as they were sent, nothing is merged or netted. A block file
holds them as packed columns, is the fastest to read, and suits claims that are examined again and again; it holds claims, so its mode is 0600.
Parquet goes through DuckDB, which `./dev duckdb` fetches; its tables are sorted by visit and settlement number.
A record that cannot be read goes to the rejects file; the others are converted.

  sanku convert --in claims.ndjson --out claims.skb
  sanku convert --in claims.skb --out claims-folder --out-format csv

Options:
  --in FILE|FOLDER|-          the claims; a folder holds CSV, - is standard input
  --in-format ndjson|csv|skb|parquet
                              form of the input, by default after --in
  --encoding utf-8|gb18030    of CSV, by default found out
  --out FILE|FOLDER|-         where to, renamed into place when complete; - is standard output, for NDJSON only
  --out-format ndjson|csv|skb|parquet
                              by default after --out: .skb is a block file, .parquet a folder of Parquet tables, .ndjson, .jsonl, .json and - are ndjson, else
                              a folder of csv
  --pack DIR                  the pack whose claim schema is used, by default the national one
  --rejects FILE              refused records; by default NAME.rejects.ndjson beside the output
  --threads N                 by default one a processor
  --strict                    stop at the first record that is refused, write nothing, exit code 3
  --trust FILE                the trust root that a pack file is verified against (or SANKU_TRUST)
  --base PACK                 what an overlay lies on: of a pack file what it is pinned to, of a folder the first; repeatable
  --lang zh|en                language of what a person sees

Exit code 0: converted; 3: the input was refused.
)"},
    {"explain",
     R"(sanku explain --pack 规则包 --in 文件 --settlement 号码        解释一张结算单

逐条规则说明：● 命中及其条件、知识和依据；○ 未触发，哪一个条件改变就会触发、差多少，或须哪些条件同时改变；? 无法判定，缺少什么。号码是结算号或就诊号。
看既往的规则连同该患者在输入中的其他就诊一起判断，加 --history 则连同既往库中的就诊，既往库不变。跨就诊分组的规则加 --groups 或以
--rule 指名时解释：分组有哪些就诊、条件及其取值、哪一个条件改变就会触发。

  sanku explain --pack stdlib-rules/national --in 结算单.ndjson --settlement S00000123
  sanku explain --pack stdlib-rules/national --in 结算单.ndjson --settlement S00000123 --rule GZ10000301004
  sanku explain --pack stdlib-rules/national --in 结算单.ndjson --settlement S00000123 --rule ZB10000205001

选项：
  --pack 文件夹               规则包
  --overlay 文件夹            另加一个地方化，可重复；其下各有 pack.toml 的文件夹表示全部
  --region 代码               未写明地区的结算单属于哪里（六位行政区划代码）；规则包本身是地方化时缺省为其地区
  --as-of 日期                按此日而非结算单的日期取参数、有效期和生效日期
  --as-known 日期             只用此日以前发布的知识
  --in 文件|文件夹|-          结算单
  --in-format ndjson|csv|skb|parquet
                              输入格式，缺省按 --in
  --encoding utf-8|gb18030    CSV 的编码，缺省自动识别
  --known-since 日期          自此日起输入包含每个人的全部就诊；缺省为输入中所审就诊最早结束之日
  --known-until 日期          至此日为止；缺省为其中最晚结束之日
  --answers 文件              对待证问题的答复（见 sanku run --help），加入所属就诊后再解释
  --history 文件夹            既往库（见 sanku run --help），只读不改
  --groups                    也解释跨就诊分组的规则
  --settlement 号码           结算号或就诊号
  --rule 规则                 只解释这条规则
  --identities                允许显示患者姓名和证件号
  --trust 文件                规则包为文件时用以验证的信任根（或环境变量 SANKU_TRUST）
  --base 规则包               地方化所基于的规则包：地方化为文件时按名称和摘要选取，为文件夹时用第一个；可重复
  --lang zh|en                界面语言

退出码 0：没有疑点；1：有疑点。
)",
     R"(sanku explain --pack DIR --in FILE --settlement ID        explain one settlement

Rule by rule: ● fired, with conditions, knowledge and basis; ○ clear, with the single condition that would make it fire and how far it
is from that, or which stand in the way together; ? cannot be decided, and what is missing. ID is a
settlement or a visit number. Rules on the past see the patient's other visits of the input, with --history those of the store as well,
which stays as it is. Rules on groups across visits are explained with --groups, or named by --rule: which visits are in the group, the
conditions with their values, and the single condition that would make it fire.

  sanku explain --pack stdlib-rules/national --in claims.ndjson --settlement S00000123
  sanku explain --pack stdlib-rules/national --in claims.ndjson --settlement S00000123 --rule GZ10000301004
  sanku explain --pack stdlib-rules/national --in claims.ndjson --settlement S00000123 --rule ZB10000205001

Options:
  --pack DIR                  the rule pack
  --overlay DIR               an overlay as well, repeatable; a folder of overlays stands for all in it
  --region CODE               where claims are from that do not say (six digits); by default that of an overlay that is
                              named as the pack
  --as-of DATE                parameters, validity and dates as of this day instead of the claim's
  --as-known DATE             only knowledge that was published by this day
  --in FILE|FOLDER|-          the claims
  --in-format ndjson|csv|skb|parquet
                              form of the input, by default after --in
  --encoding utf-8|gb18030    of CSV, by default found out
  --known-since DATE          since this day the input has all visits of everybody; by default since the first day on which one
                              of the visits that are judged ended
  --known-until DATE          until this day; by default the last on which one of those ended
  --answers FILE              answers to what rules ask (see `sanku run --help`), put to the visit before it is explained
  --history DIR               a history store (see `sanku run --help`), which is read and stays as it is
  --groups                    rules on groups across visits as well
  --settlement ID             a settlement or a visit number
  --rule ID                   this rule only
  --identities                allow the patient's name and identity number
  --trust FILE                the trust root that a pack file is verified against (or SANKU_TRUST)
  --base PACK                 what an overlay lies on: of a pack file what it is pinned to, of a folder the first; repeatable
  --lang zh|en                language of what a person sees

Exit code 0: no findings; 1: findings.
)"},
    {"effective", help_effective_zh, help_effective_en},
    {"knowledge", help_knowledge_zh, help_knowledge_en},
    {"doc", help_doc_zh, help_doc_en},
    {"generate",
     R"(sanku generate --settlements 数量 --out 文件        生成虚构的结算单

形状与国家智能审核接口 3101/3102 一致，人员、机构和价格均为虚构；同样的种子得到同样的结果。可植入违规，并把
每条植入的违规写入清单，供核对。

  sanku generate --settlements 100000 --seed 1 --out 结算单.ndjson
  sanku generate --settlements 20000 --seed 7 --violations 0.2 --out 结算单.ndjson --manifest 清单.ndjson

选项：
  --settlements 数量          结算单张数
  --seed 数                   随机种子，缺省 1
  --violations 比例           植入违规的结算单比例，0 至 1，缺省 0
  --full                      写出接口的全部字段；缺省只写规则会读的字段
  --out 文件|文件夹|-         结算单
  --form 形式                 nested（缺省）、flat 平铺、envelope 带公共信封，或写入文件夹的 csv、csv-gb18030
  --manifest 文件             植入违规的清单
  --pack 文件夹               取编码和知识表的规则包，缺省为国家规则包
  --lang zh|en                界面语言
)",
     R"(sanku generate --settlements N --out FILE        make invented settlements

In the shape of the national audit interface 3101/3102; people, institutions and prices are invented, and the same seed gives the same
bytes. Violations can be planted, and each written to a manifest to compare findings with.

  sanku generate --settlements 100000 --seed 1 --out claims.ndjson
  sanku generate --settlements 20000 --seed 7 --violations 0.2 --out claims.ndjson --manifest planted.ndjson

Options:
  --settlements N             how many
  --seed N                    seed of the random numbers, by default 1
  --violations RATE           share of settlements with a violation planted, 0 to 1, by default 0
  --full                      all fields of the interface; by default those that rules read
  --out FILE|FOLDER|-         the settlements
  --form FORM                 nested (the default), flat, envelope, or into a folder csv, csv-gb18030
  --manifest FILE             the violations planted
  --pack DIR                  pack whose codes and tables are used, by default the national one
  --lang zh|en                language of what a person sees
)"},
    {"dump",
     R"(sanku dump ast|hir|plan|ir|asm 路径        查看编译的中间结果

  ast   写下的内容          hir   名称和类型确定之后     plan  如何查找和判断
  ir    LLVM 中间代码       asm   机器代码

  sanku dump hir stdlib-rules/national --rule GZ10000301004
  sanku dump ir  stdlib-rules/national --rule GZ10000301004 --level none

选项：
  --rule 规则                 只看这条规则
  --level none|optimised      ir 和 asm 的优化级别，缺省 optimised
  --trust 文件                规则包为文件时用以验证的信任根（或环境变量 SANKU_TRUST）
  --base 规则包               地方化所基于的规则包：地方化为文件时按名称和摘要选取，为文件夹时用第一个；可重复
  --lang zh|en                界面语言
)",
     R"(sanku dump ast|hir|plan|ir|asm PATH        show what the compiler made of rules

  ast   as written          hir   names and types resolved     plan  how subjects are found and decided
  ir    LLVM code           asm   machine code

  sanku dump hir stdlib-rules/national --rule GZ10000301004
  sanku dump ir  stdlib-rules/national --rule GZ10000301004 --level none

Options:
  --rule ID                   this rule only
  --level none|optimised      how ir and asm are optimised, by default optimised
  --trust FILE                the trust root that a pack file is verified against (or SANKU_TRUST)
  --base PACK                 what an overlay lies on: of a pack file what it is pinned to, of a folder the first; repeatable
  --lang zh|en                language of what a person sees
)"},
    {"pack", pack_help_zh, pack_help_en},
    {"impact", impact_help_zh, impact_help_en},
    {"outcomes", outcomes_help_zh, outcomes_help_en},
    {"explain-code",
     R"(sanku explain-code 代码        解释一个错误代码

  sanku explain-code SK2104

选项：
  --lang zh|en                界面语言
)",
     R"(sanku explain-code CODE        explain the code of a message

  sanku explain-code SK2104

Options:
  --lang zh|en                language of what a person sees
)"},
}};

std::string command_lines(Language language) {
  std::string out;
  for (const Command& command : commands())
    out += fmt::format("  {:<14} {}\n", command.name,
                       language == Language::zh ? command.zh : command.en);
  return out;
}

} // namespace

std::string help_text(std::string_view command, Language language) {
  const auto found = std::ranges::find(texts, command, &Help::name);
  const Help& help = found == texts.end() ? texts.front() : *found;
  const std::string_view text = language == Language::zh ? help.zh : help.en;
  if (!help.name.empty())
    return std::string(text);
  return fmt::format(fmt::runtime(text), fmt::arg("version", version),
                     fmt::arg("commands", command_lines(language)));
}

} // namespace sanku::command
