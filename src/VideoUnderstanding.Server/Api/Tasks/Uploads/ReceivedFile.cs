namespace VideoUnderstanding.Server.Api.Tasks.Uploads;

/// <summary>A file that arrived and lies in the folder of unfinished files.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Filename">The sender's name for it, without folders, for display only.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of its bytes, lower-case hexadecimal.</param>
public sealed record ReceivedFile(string Path, string Filename, long Size, string Sha256);
