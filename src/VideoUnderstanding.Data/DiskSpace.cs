namespace VideoUnderstanding.Data;

public static class DiskSpace
{
    /// <summary>ENOSPC, the error number of Linux for a full disk.</summary>
    public const int NoSpace = 28;

    /// <summary>Error numbers of Linux: ENOSPC, and EDQUOT for a quota that is used up; and ERROR_DISK_FULL of Windows.</summary>
    private static readonly int[] Numbers = [NoSpace, 122, unchecked((int)0x80070070)];

    /// <summary>Whether a file could not be written because there is no room for it.</summary>
    public static bool RanOut(Exception failure) => failure switch
    {
        IOException io => Numbers.Contains(io.HResult),
        // This is how .NET tells EFBIG: the file would be larger than the file system or a limit of the process allows.
        ArgumentOutOfRangeException { ParamName: "value" } => true,
        _ => false,
    };
}
