namespace VideoUnderstanding.Indexing;

/// <summary>The index holds the same file as another video.</summary>
/// <param name="isIndexed">False while that video is still being worked on, and may yet fail.</param>
public sealed class DuplicateVideoException(string videoId, bool isIndexed) : Exception($"The file is the same as that of video {videoId}.")
{
    public string VideoId { get; } = videoId;
    public bool IsIndexed { get; } = isIndexed;
}
