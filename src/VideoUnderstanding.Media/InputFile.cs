namespace VideoUnderstanding.Media;

/// <summary>A file and the one demuxer that may read it, selected by its first bytes. FFmpeg's own detection is not used, because a
/// playlist could influence it.</summary>
/// <param name="Demuxer">FFmpeg's name, one of <see cref="Containers.Allowed"/>.</param>
internal sealed record InputFile(string Path, string Demuxer)
{
    private const int SniffedBytes = 64 << 10;

    /// <exception cref="MediaException">The file is empty or of an unsupported kind.</exception>
    public static InputFile Sniff(string path)
    {
        var start = new byte[SniffedBytes];
        using var file = File.OpenRead(path);
        var count = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (count == 0)
            throw new MediaException("The file is empty.");
        return new InputFile(path, Signatures.Find(start.AsSpan(0, count))
            ?? throw new MediaException("The file can not be read: it is neither a video nor a sound recording of a supported kind; "
                + "playlists, pictures and documents are not read."));
    }
}
