namespace VideoUnderstanding.Data;

public static class DiskSpace
{
    /// <summary>ENOSPC: no space left on device (Linux).</summary>
    public const int NoSpace = 28;

    /// <summary>Error numbers: ENOSPC and EDQUOT (quota exceeded) of Linux, ERROR_DISK_FULL of Windows.</summary>
    private static readonly int[] Numbers = [NoSpace, 122, unchecked((int)0x80070070)];

    /// <summary>Returns true if a write failed because the disk or a quota is full.</summary>
    public static bool IsDiskFull(Exception failure) => failure switch
    {
        IOException io => Numbers.Contains(io.HResult),
        // .NET reports EFBIG this way: the file exceeds a limit of the file system or process.
        ArgumentOutOfRangeException { ParamName: "value" } => true,
        _ => false,
    };
}
