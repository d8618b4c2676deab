using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Whose fault it is that a tool was ended.</summary>
internal static class DecoderEnd
{
    // SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS: it broke on the file.
    private static readonly int[] Crashes = [132, 133, 134, 135, 136, 139, 159];

    // SIGHUP, SIGINT, SIGQUIT, SIGKILL, SIGPIPE, SIGALRM, SIGTERM come from outside; ffmpeg's code for those that it catches is 255.
    private static readonly int[] Stops = [129, 130, 131, 137, 141, 142, 143, 255];

    /// <exception cref="MediaException">It crashed.</exception>
    /// <exception cref="ToolException">It was killed by something else than this server.</exception>
    public static void Check(int exitCode, string errorTail)
    {
        if (Crashes.Contains(exitCode))
            throw new MediaException("The file can not be read: FFmpeg crashed on it.");
        // Other codes above 128 are no signals: FFmpeg 6.1 and later give the last byte of their error's number, 183 for invalid data.
        if (Stops.Contains(exitCode))
            throw new ToolException("FFmpeg was stopped by something else than this server", ToolFailure.Failed, exitCode, errorTail);
    }
}
