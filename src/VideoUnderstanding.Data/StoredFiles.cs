namespace VideoUnderstanding.Data;

/// <summary>The files of the data folder. Every path is made here from an identifier, so none can leave the folder.</summary>
public sealed class StoredFiles
{
    /// <summary>The video's file, without an extension.</summary>
    public string VideoPath(string videoId) => throw new NotImplementedException();

    /// <summary>The transcript the user brought for the video.</summary>
    public string TranscriptPath(string videoId) => throw new NotImplementedException();

    /// <summary>A cached thumbnail at a time rounded to milliseconds.</summary>
    public string ThumbnailPath(string videoId, double time) => throw new NotImplementedException();

    /// <summary>A new path in the folder of unfinished files, on the same file system as the rest.</summary>
    public string NewTemporaryPath() => throw new NotImplementedException();

    /// <summary>Removes the video's file, transcript and thumbnails; fine when they are gone already.</summary>
    public void DeleteVideo(string videoId) => throw new NotImplementedException();
}
