// fuzz_replay FOLDER: the fuzzer's target over every file of the corpus, in a build without
// libFuzzer. A crash is the failure.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int count, char** texts) {
  std::size_t files = 0;
  for (const auto& each : std::filesystem::directory_iterator(count > 1 ? texts[1] : ".")) {
    std::ifstream file(each.path(), std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    (void)LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    ++files;
  }
  std::printf("%zu files\n", files);
  return files == 0 ? 1 : 0;
}
