namespace VideoUnderstanding.Indexing;

/// <summary>The index already has a video with the same content.</summary>
/// <param name="isIndexed">False while the other video is still being indexed and can fail.</param>
public sealed class DuplicateVideoException(string videoId, bool isIndexed) : Exception($"The file is the same as that of video {videoId}.")
{
    public string VideoId { get; } = videoId;
    public bool IsIndexed { get; } = isIndexed;
}
