using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using VideoUnderstanding.Benchmarks;
using VideoUnderstanding.Benchmarks.Load;
using VideoUnderstanding.Benchmarks.Search;
using VideoUnderstanding.Benchmarks.Speech;

if (args is ["load", ..])
    return await LoadRun.RunAsync(args);
if (args is ["search", ..])
    return await SearchRun.RunAsync(args);
if (args is ["speech", ..])
    return await SpeechRun.RunAsync(args);
if (args is ["sound", ..])
    return await SoundRun.RunAsync(args);

// Few runs in this process: what is measured takes seconds and mostly runs in native code, where a fresh process would change nothing.
var job = Job.Default.WithToolchain(new InProcessNoEmitToolchain(TimeSpan.FromMinutes(20), logOutput: true))
    .WithStrategy(RunStrategy.Monitoring).WithWarmupCount(1).WithIterationCount(7);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
return 0;
