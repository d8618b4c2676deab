// Runs an S3-compatible server on a free port until its standard input ends, so that it can not outlive the tests that started it.
// The first line it prints is the port. Argument: the folder of its buckets; each folder named after it is made as a bucket.
'use strict';

const S3rver = require('s3rver');

const [directory, ...buckets] = process.argv.slice(2);
const server = new S3rver({
  address: '127.0.0.1',
  port: 0,
  silent: true,
  directory,
  vhostBuckets: false,
  configureBuckets: buckets.map((name) => ({ name, configs: [] })),
});

server.run().then(({ port }) => console.log(port));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
