namespace VideoUnderstanding.Operations.Backups;

/// <summary>A backup can not be made or read. The message is a sentence for the operator and is shown as it is.</summary>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);
