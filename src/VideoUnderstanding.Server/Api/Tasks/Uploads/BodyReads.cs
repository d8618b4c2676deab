using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Tasks.Uploads;

/// <summary>Runs reads of a multipart body and maps the reader's exceptions for a malformed body to <see cref="ApiException"/>. Disk writes
/// must not run in it, because they can throw the same exceptions.</summary>
internal static class BodyReads
{
    public static async ValueTask<T> GuardAsync<T>(Func<ValueTask<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception malformed) when (malformed is InvalidDataException || malformed.GetType() == typeof(IOException))
        {
            // Types derived from IOException indicate a lost connection; the exception middleware handles them.
            throw new ApiException(ApiError.BodyInvalid(malformed.Message));
        }
    }
}
