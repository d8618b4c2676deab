using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Transfers;

/// <summary>An element of the file of createTransfer. CONTRACT, section 6.6.</summary>
/// <param name="Object">Address of the video: <c>s3://bucket/key</c>, or <c>file:///folder/name</c> if the server allows it.</param>
/// <param name="Transcription">Address of a transcript in SRT or VTT; missing, null or empty if there is none.</param>
public sealed record TransferElementRequest(
    string? IndexId = null, string? Language = null, string? Object = null, string? Transcription = null) : IValidatedRequest
{
    public const string IndexIdMember = "index_id";
    public const string ObjectMember = "object";
    public const string TranscriptionMember = "transcription";

    public void Validate()
    {
        (string Name, string? Value)[] required = [(IndexIdMember, IndexId), (ObjectMember, Object)];
        string[] missing = [.. required.Where(member => string.IsNullOrWhiteSpace(member.Value)).Select(member => member.Name)];
        if (missing.Length > 0)
            throw new ApiException(ApiError.Missing(missing));
        Identifier.Require(IndexIdMember, IndexId);
    }
}
