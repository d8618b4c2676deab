using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Tasks.Uploads;

/// <summary>Reads of a multipart body. What the reader throws for a malformed one becomes the client's error; failures of the disk, which
/// look alike, do not pass here.</summary>
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
            // The exact type: what derives from IOException tells of a lost connection and is handled further out.
            throw new ApiException(ApiError.BodyInvalid(malformed.Message));
        }
    }
}
