// The targets, as data: what is measured, against what, and which side of the number is good. A
// target is never dropped for being missed; the report says so. Entry: target_table. Who measures a
// row finds it by name.
#pragma once

#include <array>
#include <string_view>

namespace sanku::bench {

struct TargetRow {
  std::string_view name;
  std::string_view what_en, what_zh;
  bool at_least = true; // else at most
  double target = 0;
  std::string_view unit = "ratio";
};

inline constexpr auto target_table = std::to_array<TargetRow>({
    {"ten_rules_vs_hand_coded_1t",
     "ten reference rules, columns in memory: rate against the best hand-written program, 1 thread",
     "十条参考规则，列已在内存：与手写程序（取最快者）的速率之比，1 线程", true, 0.8},
    {"ten_rules_vs_hand_coded_2t", "the same on 2 threads", "同上，2 线程", true, 0.8},
    {"ten_rules_vs_duckdb_1t", "the same rate against DuckDB's, findings written by both, 1 thread",
     "同上，与 DuckDB 的速率之比，双方都写出疑点，1 线程", true, 25},
    {"ten_rules_vs_duckdb_2t", "the same on 2 threads", "同上，2 线程", true, 25},
    {"ten_rules_vs_zen",
     "for information: the ten rules against four of them in ZEN, on facts prepared for it (it "
     "neither groups lines by code and day nor looks at pairs of lines, and reports no part of "
     "one)",
     "供参考：十条规则与 ZEN 运行其中四条的速率之比，事实已为其备好（它不能按编码和日期分组、"
     "比较成对明细或只报明细的一部分）",
     true, 1},
    {"ten_rules_vs_json_rules_engine",
     "for information: the ten rules against three of them in json-rules-engine, line by line (it "
     "looks at one line at a time, so it has no sums, groups or pairs)",
     "供参考：十条规则与 json-rules-engine 逐行运行其中三条的速率之比（它每次只看一行，没有合计、"
     "分组或成对比较）",
     true, 1},
    {"rules_500_vs_hand_index",
     "500 table rules: rate against a hand-written list of checks for each item",
     "500 条查表规则：与手写的“项目→检查”列表的速率之比", true, 0.8},
    {"rules_80_to_160", "time of 160 table rules against 80", "160 条与 80 条查表规则的用时之比",
     false, 1.5},
    {"rules_10_to_500", "time of 500 table rules against 10", "500 条与 10 条查表规则的用时之比",
     false, 7},
    {"visit_rules_vs_ten_rules",
     "time of all national rules inside one visit against the ten rules, on the same data",
     "全部国家规则（单次就诊内）与十条参考规则在同一数据上的用时之比", false, 3},
    {"history_rules_vs_hand_loop",
     "each national rule over a person's other visits: the dearest, as time against a loop written "
     "by hand over the same visits",
     "每条查看既往的国家规则与手写循环的用时之比，取最高者，同样的就诊", false, 1.5},
    {"population_rules_vs_hand_group_by",
     "each national rule over a population: the dearest, as time against a group-by written by "
     "hand",
     "每条跨就诊分组的国家规则与手写分组汇总的用时之比，取最高者", false, 1.5},
    {"table_rows_x10_cold",
     "time when the tables have ten times the rows, on codes that never occur",
     "知识表扩大十倍（新增编码从不出现）后的用时之比", false, 1.1},
    {"ndjson_vs_structure",
     "NDJSON to columns: rate against simdjson finding the structure only, same bytes, 1 thread "
     "each",
     "NDJSON 读成列：与 simdjson 仅识别结构的速率之比，同样的字节，各用 1 线程", true, 0.8},
    {"ndjson_shuffled_vs_structure", "the same with keys in random order and escaped texts",
     "同上，键为随机顺序，文本含转义", true, 0.25},
    {"ndjson_end_to_end_vs_duckdb",
     "claims in, findings out: rate against DuckDB reading the same fields alone",
     "从输入到疑点：与 DuckDB 仅读入相同字段的速率之比", true, 4},
    {"block_file_vs_ndjson", "loading a block file: rate against loading its records from NDJSON",
     "读块文件：与从 NDJSON 读入同样记录的速率之比", true, 8},
    {"parquet_vs_duckdb_fetch",
     "Parquet in: rate against fetching and dropping the same projection",
     "读 Parquet：与取出同样的列后丢弃的速率之比", true, 0.5},
    {"cpu_2t_vs_1t", "processor seconds of 2 threads against 1, same work",
     "同样的工作，2 线程与 1 线程的处理器用时之比", false, 1.1},
    {"memory_10m_mib", "peak memory of a run on 10 million settlements through a pipe, MiB",
     "经管道审核一千万张结算单的内存峰值（MiB）", false, 1024, "MiB"},
    {"memory_10m_vs_1m", "the same against 1 million", "同上，与一百万张之比", false, 1.1},
    {"warm_start_vs_load", "start from the cache against loading and checking the tables alone",
     "从缓存启动与仅载入、校验知识表的用时之比", false, 1.5},
    {"single_claim_vs_batch",
     "median of one claim of 60 lines, parsed and answered, against its cost in a batch",
     "单张 60 行结算单（解析并答复）的用时中位数与其在批量中的用时之比", false, 8},
    {"trees_batch_vs_library",
     "100 trees of depth 6: rate against XGBoost's own predict on the same rows, 1 thread",
     "100 棵深度 6 的树：与 XGBoost 自身评分的速率之比，同样的行，1 线程", true, 1.5},
    {"trees_row_vs_library", "the same row by row", "同上，逐行", true, 15},
    {"pack_verify_vs_openssl",
     "verifying the national pack as a file: rate against OpenSSL's SHA-256 and SM3 of its members",
     "验证国家规则包文件：与 OpenSSL 对其各成员计算 SHA-256 和 SM3 的速率之比", true, 0.8},
});

} // namespace sanku::bench
