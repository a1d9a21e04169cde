/**
 * Owns what better-sqlite3 needs of Node-API 10 on a runtime with version 9: references to values of any type.
 *
 * Asking for the experimental version instead would load as well, but its finalizers run inside garbage collection,
 * where freeing a reference ends the process. A module of version 9 is finalized later, safely. So the source is
 * compiled for 10, asks for 9, and its references go through here: a value that 9 can't refer to lies in a box.
 */
#include <mutex>
#include <unordered_set>

#define NAPI_VERSION 9
#include <node_api.h>

namespace {
std::mutex mutex;
std::unordered_set<napi_ref> boxes;

bool IsBox(napi_ref ref) {
  std::lock_guard<std::mutex> lock(mutex);
  return boxes.count(ref) > 0;
}
}  // namespace

extern "C" {

NAPI_MODULE_EXPORT int32_t node_api_module_get_api_version_v1(void) { return 9; }

napi_status any_create_reference(napi_env env, napi_value value, uint32_t count, napi_ref* result) {
  napi_valuetype type;
  napi_status status = napi_typeof(env, value, &type);
  if (status != napi_ok) return status;
  if (type == napi_object || type == napi_function || type == napi_symbol) {
    return napi_create_reference(env, value, count, result);
  }
  napi_value box;
  status = napi_create_object(env, &box);
  if (status == napi_ok) status = napi_set_named_property(env, box, "value", value);
  if (status == napi_ok) status = napi_create_reference(env, box, count, result);
  if (status == napi_ok) {
    std::lock_guard<std::mutex> lock(mutex);
    boxes.insert(*result);
  }
  return status;
}

napi_status any_get_reference_value(napi_env env, napi_ref ref, napi_value* result) {
  napi_status status = napi_get_reference_value(env, ref, result);
  if (status != napi_ok || *result == nullptr || !IsBox(ref)) return status;
  return napi_get_named_property(env, *result, "value", result);
}

napi_status any_delete_reference(napi_env env, napi_ref ref) {
  {
    std::lock_guard<std::mutex> lock(mutex);
    boxes.erase(ref);
  }
  return napi_delete_reference(env, ref);
}
}
