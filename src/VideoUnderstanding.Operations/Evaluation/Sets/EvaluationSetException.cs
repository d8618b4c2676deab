namespace VideoUnderstanding.Operations.Evaluation.Sets;

/// <summary>A set can not be used. The message is a sentence that names the file and the place in it.</summary>
public sealed class EvaluationSetException(string message) : Exception(message);
