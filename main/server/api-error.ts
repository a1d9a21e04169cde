/** Owns the errors of the API: what each of ours is called there, and the forms of OpenAI and of Anthropic. */
import { AppError, type ErrorCode } from '../../preload/contract/errors.js';

/** Something wrong with a request, or on the way to its answer. */
export class ApiError extends Error {
  readonly status: number;
  /** The field of the request that is wrong. */
  readonly param: string | null;
  readonly code: string | null;

  constructor(
    status: number,
    message: string,
    { param = null, code = null }: { param?: string | null; code?: string | null } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.param = param;
    this.code = code;
  }
}

export const badField = (param: string, message: string) =>
  new ApiError(400, `${param}: ${message}`, { param });

const statuses: Partial<Record<ErrorCode, number>> = {
  'bad-input': 400,
  'prompt-too-long': 400,
  'template-failed': 400,
  'not-found': 404,
  'no-model': 503,
  'needs-local-model': 501,
  'model-missing': 503,
  'engine-died': 503,
  'engine-killed': 503,
  'gpu-lost': 503,
  busy: 503,
  cancelled: 503,
};

/** Anything thrown, as the client is told of it; what we did not expect is told without its inside. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (isHttpError(thrown))
    return new ApiError(thrown.statusCode, thrown.message, { code: thrown.code ?? null });
  const { code, message, hint } = AppError.from(thrown);
  if (code === 'unexpected') return new ApiError(500, 'Something went wrong inside Altiplano.');
  const text = hint === undefined ? message : `${message} ${hint}`;
  return new ApiError(statuses[code] ?? 500, text, {
    code: code === 'prompt-too-long' ? 'context_length_exceeded' : code,
  });
}

/** What the server library refuses by itself: bodies that are too large, or no JSON. */
function isHttpError(thrown: unknown): thrown is Error & { statusCode: number; code?: string } {
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return thrown instanceof Error && typeof status === 'number' && status >= 400 && status < 500;
}

const openAiTypes: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
};

/** @see https://platform.openai.com/docs/guides/error-codes */
export const openAiForm = ({ status, message, param, code }: ApiError) => ({
  error: {
    message,
    type: openAiTypes[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error'),
    param,
    code,
  },
});

/** @see https://docs.anthropic.com/en/api/errors */
export const anthropicForm = ({ status, message }: ApiError) => ({
  type: 'error',
  error: {
    type:
      openAiTypes[status] ??
      (status < 500 ? 'invalid_request_error' : status === 503 ? 'overloaded_error' : 'api_error'),
    message,
  },
});
