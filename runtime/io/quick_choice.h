// The forms of QuickRecord (quick_record.h) between which QuickRecord::make chooses. Header only.
#pragma once

#include "runtime/io/quick_record.h"

namespace sanku::io {

[[nodiscard]] std::unique_ptr<QuickRecord>
make_narrow(const schema::Schema& schema, const ClaimLayout& layout, batch::BatchBuilder& builder);
// Null: it was not built, or this processor has no such vectors.
[[nodiscard]] std::unique_ptr<QuickRecord>
make_wide(const schema::Schema& schema, const ClaimLayout& layout, batch::BatchBuilder& builder);

} // namespace sanku::io
