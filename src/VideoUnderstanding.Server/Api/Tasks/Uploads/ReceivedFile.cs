namespace VideoUnderstanding.Server.Api.Tasks.Uploads;

/// <summary>A received file in the folder of unfinished files.</summary>
/// <param name="Path">Path of the file.</param>
/// <param name="Filename">The client's file name without folders, for display only.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Sha256">SHA-256 of the content, lower-case hexadecimal.</param>
public sealed record ReceivedFile(string Path, string Filename, long Size, string Sha256);
