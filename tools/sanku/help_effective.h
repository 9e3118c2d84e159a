// The help of `sanku effective` and `sanku knowledge` in both languages, for help.cpp.
#pragma once

#include <string_view>

namespace sanku::command {

inline constexpr std::string_view help_effective_zh =
    R"(sanku effective 规则包 --region 地区 --date 日期        某地区某日的规则包

把国家、省、市各层合在一起，列出每条规则、参数、知识表和地方编码，注明各来自哪一层：停用的规则及理由、改变的程度、
参数的值与界限、增加和删除的行。

  sanku effective 我的地方化 --date 2026-03-01
  sanku effective stdlib-rules/national --overlay 地方化 --region 330100 --date 2026-03-01
  sanku effective 我的地方化 --date 2026-03-01 --rows drug_sex      连同该表的每一行
  sanku effective 我的地方化 --date 2026-03-01 --format json

选项：
  --region 代码               六位行政区划代码；缺省为所给地方化的地区，规则包则只有它自己
  --date 日期                 哪一天
  --overlay 文件夹            另加一个地方化，可重复；其下各有 pack.toml 的文件夹表示全部
  --as-known 日期             只用此日以前发布的知识
  --rows 知识表               列出该表的每一行及其出处
  --trust 文件                规则包为文件时用以验证的信任根（或环境变量 SANKU_TRUST）
  --base 规则包               地方化所基于的规则包：地方化为文件时按名称和摘要选取，为文件夹时用第一个；可重复
  --format text|json          输出格式，缺省 text
  --lang zh|en                界面语言

退出码 0：已列出；2：规则包有错误。
)";

inline constexpr std::string_view help_effective_en =
    R"(sanku effective PACK --region CODE --date DATE        the pack of a region on a day

Puts the layers together, national, province, city, and lists each rule, parameter, table and local code with the layer that it comes
from: rules that are disabled and why, severities that were changed, values and bounds of parameters, rows that were added and removed.

  sanku effective my-overlay --date 2026-03-01
  sanku effective stdlib-rules/national --overlay overlays --region 330100 --date 2026-03-01
  sanku effective my-overlay --date 2026-03-01 --rows drug_sex      every row of that table too
  sanku effective my-overlay --date 2026-03-01 --format json

Options:
  --region CODE               six digits; by default that of the overlay that is named, of a pack the pack alone
  --date DATE                 the day
  --overlay DIR               an overlay as well, repeatable; a folder of overlays stands for all in it
  --as-known DATE             only knowledge that was published by this day
  --rows TABLE                every row of this table, and where it stands
  --trust FILE                the trust root that a pack file is verified against (or SANKU_TRUST)
  --base PACK                 what an overlay lies on: of a pack file what it is pinned to, of a folder the first; repeatable
  --format text|json          form of the output, by default text
  --lang zh|en                language of what a person sees

Exit code 0: listed; 2: the pack has mistakes.
)";

inline constexpr std::string_view help_knowledge_zh =
    R"(sanku knowledge 规则包        知识表的历次发布

列出每张知识表的行数、在内存中每行的字节数、各文件和历次发布：每次发布多少行，其中多少行仍有效，哪些行被后来的发布取代。

  sanku knowledge stdlib-rules/national
  sanku knowledge 我的规则包 --rows drug_sex                 该表被取代的每一行
  sanku knowledge 我的规则包 --as-known 2025-12-31           当时所知

选项：
  --overlay 文件夹            另加一个地方化，可重复；其下各有 pack.toml 的文件夹表示全部
  --as-known 日期             只用此日以前发布的知识
  --rows 知识表               只列此表，连同被取代的每一行
  --trust 文件                规则包为文件时用以验证的信任根（或环境变量 SANKU_TRUST）
  --base 规则包               地方化所基于的规则包：地方化为文件时按名称和摘要选取，为文件夹时用第一个；可重复
  --format text|json          输出格式，缺省 text
  --lang zh|en                界面语言

退出码 0：已列出；2：规则包有错误。
)";

inline constexpr std::string_view help_knowledge_en =
    R"(sanku knowledge PACK        the publications of tables

Lists the rows of each table and their bytes in memory, its files and its publications: how many rows each brought, how many
of them still count, and which rows a later one ended.

  sanku knowledge stdlib-rules/national
  sanku knowledge my-pack --rows drug_sex                    every row of that table that was replaced
  sanku knowledge my-pack --as-known 2025-12-31              what was known then

Options:
  --overlay DIR               an overlay as well, repeatable; a folder of overlays stands for all in it
  --as-known DATE             only knowledge that was published by this day
  --rows TABLE                this table only, with every row that was replaced
  --trust FILE                the trust root that a pack file is verified against (or SANKU_TRUST)
  --base PACK                 what an overlay lies on: of a pack file what it is pinned to, of a folder the first; repeatable
  --format text|json          form of the output, by default text
  --lang zh|en                language of what a person sees

Exit code 0: listed; 2: the pack has mistakes.
)";

} // namespace sanku::command
