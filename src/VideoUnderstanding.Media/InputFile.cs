namespace VideoUnderstanding.Media;

/// <summary>A file to be read and the one demuxer that may read it, told from its first bytes: FFmpeg's own guess, which a playlist could
/// sway, is never asked.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Demuxer">FFmpeg's name, one of <see cref="Containers.Allowed"/>.</param>
internal sealed record InputFile(string Path, string Demuxer)
{
    private const int LookedAt = 64 << 10;

    /// <exception cref="MediaException">It is empty, or not of a kind that is read.</exception>
    public static InputFile Sniff(string path)
    {
        var start = new byte[LookedAt];
        using var file = File.OpenRead(path);
        var count = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (count == 0)
            throw new MediaException("The file is empty.");
        return new InputFile(path, Signatures.Find(start.AsSpan(0, count))
            ?? throw new MediaException("The file can not be read: it is neither a video nor a sound recording of a supported kind; "
                + "playlists, pictures and documents are not read."));
    }
}
