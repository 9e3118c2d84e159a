// Findings as the reply of services 3101 and 3102 of the national audit interface, one a
// settlement: the response envelope, in `output.result` one object a finding, in its
// `judge_result_detail_dtos` one a line. An empty result: nothing was found. Entry: append_reply.
// Tested by tests/unit/tools/formats_test.cpp.
//
// Names and lengths are the interface's; texts that are longer are cut, ending in `…`. What it
// leaves open is decided here: `output` also names the visit and the settlement, because an empty
// result says neither; the times of the envelope are empty, because the same input gives the same
// bytes; `sev_deg` is 1 明确违规, 2 可疑 (the interface's 高度可疑), 3 all others; `vola_bhvr_type`
// is the name of the kind; amounts are numbers, null where they are not computed (`vola_amt_stas`
// 0), and 0.00 on lines that are merely involved. `patn_id` is *** unless identities are asked for.
#pragma once

#include "tools/engine/describe.h"

#include <string>
#include <string_view>
#include <vector>

namespace sanku::engine {

struct ReplyHead {
  std::string visit, settlement; // the sender's numbers; empty when missing
  std::string person;            // as it may be printed
};

[[nodiscard]] ReplyHead reply_head(const Block& block, std::uint32_t settlement, bool identities);

// One line: the reply for a settlement with these findings.
void append_reply(std::string& out, const ReplyHead& head, const std::vector<Described>& findings);

} // namespace sanku::engine
