using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Server.Api.Transfers;

/// <summary>What one element asks for, checked.</summary>
/// <param name="Object">Address of the video.</param>
/// <param name="Transcription">Address of the transcript; null when speech is to be recognised.</param>
/// <param name="Filename">Last part of the video's address, for display.</param>
public sealed record TransferOrder(VideoIndex Index, string Object, string? Transcription, string Filename, string Language);
