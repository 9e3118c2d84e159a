// The help of `sanku doc` in both languages, for help.cpp.
#pragma once

#include <string_view>

namespace sanku::command {

inline constexpr std::string_view help_doc_zh =
    R"(sanku doc [规则包] --out 文件夹        生成规则手册

每条规则一页：看什么（中英文各一句）、依据、程度与环节、各地各期的参数、知识表的大小和批次、测试作为示例、机构应核对什么。
目录按类别排列，并可按编码或名称查找：哪些规则与某个药品、项目或诊断有关，知识表的行怎么说。静态网页，从磁盘打开，不联网。

  sanku doc stdlib-rules/national --out 手册
  sanku doc stdlib-rules/national --overlay 地方化 --out 手册      另列各层的参数、行和改动

选项：
  --out, -o 文件夹            写到哪里；不存在则新建，其中只能有以前的手册
  --lang zh|en|both           网页的语言，缺省 both：中文在根下，英文在 en/ 下
  --overlay 文件夹            另加一个地方化，可重复；其下各有 pack.toml 的文件夹表示全部
  --as-known 日期             只用此日以前发布的知识
  --trust 文件                规则包为文件时用以验证的信任根（或环境变量 SANKU_TRUST）
  --base 规则包               地方化所基于的规则包：地方化为文件时按名称和摘要选取，为文件夹时用第一个；可重复
)";

inline constexpr std::string_view help_doc_en =
    R"(sanku doc [PACK] --out DIR        write a handbook

A page for each rule: what it looks for (a sentence in either language), the law behind it, severity and stage, parameters by region and
date, size and batches of its tables, its tests as examples, what an institution should check. The index is by family and is searched by
code or name: which rules concern this drug, service or diagnosis, and what the rows say. Static pages that open from disk, no network.

  sanku doc stdlib-rules/national --out handbook
  sanku doc stdlib-rules/national --overlay overlays --out handbook      with the parameters, rows and changes of layers

Options:
  --out, -o DIR               where to; made if it is not there, and may hold nothing but an earlier handbook
  --lang zh|en|both           language of the pages, by default both: Chinese at the root, English below en/
  --overlay DIR               an overlay as well, repeatable; a folder of overlays stands for all in it
  --as-known DATE             only knowledge that was published by this day
  --trust FILE                the trust root that a pack file is verified against (or SANKU_TRUST)
  --base PACK                 what an overlay lies on: of a pack file what it is pinned to, of a folder the first; repeatable
)";

} // namespace sanku::command
