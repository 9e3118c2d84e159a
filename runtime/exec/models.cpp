// What generated code asks of models (runtime/abi/hooks.h).
#include "runtime/exec/worker.h"
#include "runtime/models/score.h"

#include <cmath>

using namespace sanku;      // NOLINT(check): C entry points of this project only
using namespace sanku::abi; // NOLINT(check): likewise

namespace {

const exec::ModelImage& model_of(const Frame* frame, std::uint32_t model) {
  return frame->sink->program->image->models[model];
}

} // namespace

extern "C" {

void sanku_score(Frame* frame, std::uint32_t model, const double* values, void* out) {
  const double score = models::score(*model_of(frame, model).trained, values);
  const bool known = !std::isnan(score);
  *static_cast<Maybe<Score>*>(out) = Maybe<Score>{Score{known ? score : 0}, known};
}

void sanku_reasons(Frame* frame, std::uint32_t model, const double* values, std::uint32_t most,
                   void* out) {
  const exec::ModelImage& image = model_of(frame, model);
  auto& text = *static_cast<Maybe<Text>*>(out);
  text = {};
  const std::size_t count = image.inputs->size();
  if (image.trained == nullptr) {
    for (std::size_t i = 0; i < count; ++i)
      if (std::isnan(values[i]))
        return;
    frame->scratch->reasons.push_back(
        models::reasons_text(*image.inputs, nullptr, {values, count}, most));
  } else {
    if (std::isnan(models::score(*image.trained, values)))
      return;
    std::vector<double> parts(count);
    models::contributions(*image.trained, values, parts.data());
    frame->scratch->reasons.push_back(models::reasons_text(*image.inputs, values, parts, most));
  }
  const std::string& made = frame->scratch->reasons.back();
  text = {Text{made.data(), made.size()}, true};
}

} // extern "C"
