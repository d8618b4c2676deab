using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Decides by the exit code whether the file or something else ended FFmpeg.</summary>
internal static class DecoderExit
{
    // SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS: caused by the file.
    private static readonly int[] Crashes = [132, 133, 134, 135, 136, 139, 159];

    // SIGHUP, SIGINT, SIGQUIT, SIGKILL, SIGPIPE, SIGALRM, SIGTERM come from outside; ffmpeg ends with 255 after those that it catches.
    private static readonly int[] Stops = [129, 130, 131, 137, 141, 142, 143, 255];

    /// <exception cref="MediaException">FFmpeg crashed on the file.</exception>
    /// <exception cref="ToolException">Another process stopped FFmpeg.</exception>
    public static void Check(int exitCode, string errorTail)
    {
        if (Crashes.Contains(exitCode))
            throw new MediaException("The file can not be read: FFmpeg crashed on it.");
        // Other codes above 128 are no signals: FFmpeg 6.1 and later return the last byte of their error number, for example 183 for
        // invalid data.
        if (Stops.Contains(exitCode))
            throw new ToolException("FFmpeg was stopped by something else than this server", ToolFailure.Failed, exitCode, errorTail);
    }
}
