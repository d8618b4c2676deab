namespace VideoUnderstanding.Data;

public static class DiskSpace
{
    /// <summary>Error numbers of Linux: ENOSPC, EDQUOT (a quota is used up), EFBIG (a limit of file sizes); and ERROR_DISK_FULL of Windows.</summary>
    private static readonly int[] Numbers = [28, 122, 27, unchecked((int)0x80070070)];

    /// <summary>Whether a file could not be written because there is no room for it.</summary>
    public static bool RanOut(IOException failure) => Numbers.Contains(failure.HResult);
}
