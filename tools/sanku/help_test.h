// What `sanku test --help` says. Included by help.cpp alone.
#pragma once

#include <string_view>

namespace sanku::command {

inline constexpr std::string_view test_help_zh = R"(sanku test 路径…        运行规则旁边的测试

每个 `测试` 都以解释执行和编译执行各运行一次，两者必须一致，再与预期比较。最后一行指出哪些规则还缺少
“触发”“未触发”“无法判定”三种测试。

  sanku test stdlib-rules/national
  sanku test stdlib-rules/national/medical/drug_sex.sanku
  sanku test --coverage stdlib-rules/national                       测试还没有说明规则的哪些地方
  sanku test --mutate stdlib-rules/national/medical/drug_sex.sanku  规则写错哪一处测试会发现不了
  sanku test --report html=覆盖.html --report junit=结果.xml --at-least coverage=85 我的规则包

选项：
  --coverage                  列出测试没有触及的：结果、分支、没有起过决定作用的条件、参数界限、日期两侧、依据、知识行
  --mutate                    每次改动规则的一处，列出测试发现不了的改动，以及能发现它的测试
  --sample 数量               只试随机抽出的若干处改动
  --seed 数                   抽取所用的种子，缺省 1
  --report 形式=文件          另写报告，可重复；形式：json、lcov、cobertura、html（覆盖），mutation（变异，JSON），
                              junit（测试结果）
  --at-least 度量=百分比      低于此值则退出码为 1，可重复；度量：coverage（合计）、mutation，或 outcomes、branches、
                              conditions、unknowns、parameters、dates、models、articles、leaves、rows
  --generate [编号]           不运行测试，而由求解器写出边界测试：每个条件恰好成立、恰好不成立、不明各一个，预期为重放所得；
                              已有的不重复。--lines、--visits、--seconds 见 sanku check --help
  --overlay 文件夹            另加一个地方化，可重复；其下各有 pack.toml 的文件夹表示全部
  --region 代码               未写明地区的结算单属于哪里（六位行政区划代码）；规则包本身是地方化时缺省为其地区
  --as-of 日期                按此日而非结算单的日期取参数、有效期和生效日期
  --as-known 日期             只用此日以前发布的知识
  --trust 文件                规则包为文件时用以验证的信任根（或环境变量 SANKU_TRUST）
  --base 规则包               地方化所基于的规则包：地方化为文件时按名称和摘要选取，为文件夹时用第一个；可重复
  --lang zh|en                界面语言

退出码 0：全部通过；1：有测试未通过，或规则有错误，或低于 --at-least 的要求。
)";

inline constexpr std::string_view test_help_en =
    R"(sanku test PATH…        run the tests beside the rules

Each `test` is run by the evaluator and by compiled code; the two have to agree before they are compared with what is expected. The
last line says which rules still lack a firing, a clear or an indeterminate test.

  sanku test stdlib-rules/national
  sanku test stdlib-rules/national/medical/drug_sex.sanku
  sanku test --coverage stdlib-rules/national                       what of the rules no test has shown
  sanku test --mutate stdlib-rules/national/medical/drug_sex.sanku  which mistakes in a rule no test would notice
  sanku test --report html=coverage.html --report junit=results.xml --at-least coverage=85 my-pack

Options:
  --coverage                  list what no test has shown: outcomes, branches, conditions that never decided, bounds of
                              parameters, sides of days, articles, knowledge rows
  --mutate                    change one thing of the rules at a time; list what no test notices, and a test that would
  --sample N                  try only so many changes, drawn by lot
  --seed S                    for the lots; by default 1
  --report FORM=FILE          write a report as well, repeatable: json, lcov, cobertura, html (coverage), mutation
                              (JSON), junit (test results)
  --at-least WHAT=PERCENT     less gives exit code 1; repeatable. Of coverage (the whole), mutation, or outcomes, branches,
                              conditions, unknowns, parameters, dates, models, articles, leaves, rows
  --generate [ID]             run no test, but have the solver write boundary tests of the rule (of all): for each condition a claim
                              on which it just holds, one on which it just does not, one on which it is unknown, with what comes
                              of it when replayed; those that are there already are not repeated. --lines, --visits, --seconds:
                              see sanku check --help
  --overlay DIR               an overlay as well, repeatable; a folder of overlays stands for all in it
  --region CODE               where claims are from that do not say (six digits); by default that of an overlay that is
                              named as the pack
  --as-of DATE                parameters, validity and dates as of this day instead of the claim's
  --as-known DATE             only knowledge that was published by this day
  --trust FILE                the trust root that a pack file is verified against (or SANKU_TRUST)
  --base PACK                 what an overlay lies on: of a pack file what it is pinned to, of a folder the first; repeatable
  --lang zh|en                language of what a person sees

Exit code 0: all passed; 1: some failed, or the rules have mistakes, or less than --at-least demands.
)";

} // namespace sanku::command
