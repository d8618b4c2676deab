namespace VideoUnderstanding.Media;

/// <summary>Reads what a file holds, without decoding it.</summary>
public sealed class MediaProbe
{
    /// <exception cref="MediaException">The file can not be read as media.</exception>
    public Task<MediaInfo> ReadAsync(string path, CancellationToken cancellationToken) => throw new NotImplementedException();
}
