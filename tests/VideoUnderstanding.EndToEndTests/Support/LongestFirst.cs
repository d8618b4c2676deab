using VideoUnderstanding.EndToEndTests.Backups;
using VideoUnderstanding.EndToEndTests.Chaos;
using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.EndToEndTests.OpenClips;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.IntegrationTests.Support;

// At most two collections run at the same time, because the tests index videos and each server uses several threads.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace VideoUnderstanding.EndToEndTests.Support;

/// <summary>The collections and classes that take longest, from the reports of whole runs.</summary>
public sealed class LongestFirst() : NamedFirst(
    nameof(GeneratedCollection), nameof(FieldCaseTests), nameof(OpenClipCollection), nameof(DatabaseGoneTests), nameof(CalibrationTests),
    nameof(BackupTests), nameof(FullDiskTests), nameof(GeneratedEvaluationTests), nameof(CommandLineTests), nameof(PoisonTests),
    nameof(DemoTests), nameof(PictureSearchTests));

/// <summary>Tests that kill or freeze processes and expect that work continues within a time. On a busy machine that takes longer, so they
/// run after all others, one class at a time.</summary>
[CollectionDefinition(nameof(ExclusiveCollection), DisableParallelization = true)]
public sealed class ExclusiveCollection;
