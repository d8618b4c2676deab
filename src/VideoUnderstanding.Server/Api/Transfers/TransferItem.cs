using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Server.Api.Transfers;

/// <summary>A validated element of a transfer.</summary>
/// <param name="Object">Address of the video.</param>
/// <param name="Transcription">Address of the transcript; null if speech must be recognised.</param>
/// <param name="Filename">Last segment of the video's address, for display.</param>
public sealed record TransferItem(VideoIndex Index, string Object, string? Transcription, string Filename, string Language);
