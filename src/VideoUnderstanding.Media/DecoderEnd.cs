using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Whose fault it is that a tool was ended by a signal.</summary>
internal static class DecoderEnd
{
    // SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS: it broke on the file. Others, as SIGKILL and SIGTERM, come from outside.
    private static readonly int[] Crashes = [132, 133, 134, 135, 136, 139, 159];

    /// <exception cref="MediaException">It crashed.</exception>
    /// <exception cref="ToolException">It was killed by something else than this server.</exception>
    public static void Check(int exitCode, string errorTail)
    {
        if (Crashes.Contains(exitCode))
            throw new MediaException("The file can not be read: FFmpeg crashed on it.");
        if (exitCode > 128)
            throw new ToolException($"FFmpeg was ended by signal {exitCode - 128}", ToolFailure.Failed, exitCode, errorTail);
    }
}
