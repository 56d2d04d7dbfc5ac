import { Size } from 'cdk8s';
import { Accelerator, AcceleratorKind, GpuSharing } from 'cdk8s-serving';
import { codes } from '../../support/serving';

test.each([
  ['NVIDIA GPUs', Accelerator.nvidia('A100-80GB', { count: 2 }), '2 x A100-80GB'],
  ['NVIDIA GPUs by their short name', Accelerator.nvidia('H100'), '1 x H100-80GB'],
  ['NVIDIA GPUs of any product', Accelerator.nvidiaAny({ count: 4 }), '4 x nvidia device'],
  ['NVIDIA GPUs by memory', Accelerator.nvidiaMemory(Size.gibibytes(40)), '1 x nvidia device with 40 GiB'],
  ['MIG devices', Accelerator.nvidiaMig('A100-80GB', '1g.10gb'), '1 x A100-80GB MIG 1g.10gb'],
  ['a share', Accelerator.nvidiaShared('T4'), '1 x T4 shared by time-slicing'],
  ['a share by MPS', Accelerator.nvidiaShared('T4', { sharing: GpuSharing.MPS }), '1 x T4 shared by mps'],
  ['AMD', Accelerator.amd('MI300X', { count: 8 }), '8 x MI300X'],
  ['Gaudi', Accelerator.gaudi('gaudi3'), '1 x gaudi3'],
  ['TPU', Accelerator.tpu('tpu-v5-lite-podslice', { count: 4, topology: '2x2' }), '4 x tpu-v5-lite-podslice'],
  ['a claim', Accelerator.resourceClaim('gpu.nvidia.com', { count: 2 }), '2 x gpu.nvidia.com'],
])('%s as text', (_, accelerator, text) => {
  expect([String(accelerator), codes(accelerator)]).toEqual([text, []]);
});

test('each kind says who makes it', () => {
  expect([Accelerator.nvidia('L4'), Accelerator.amd('MI300X'), Accelerator.gaudi('gaudi2'), Accelerator.tpu('tpu-v6e-slice', { count: 1, topology: '1x1' })].map((one) => one.vendor)).toEqual(['nvidia', 'amd', 'gaudi', 'tpu']);
  expect(Accelerator.resourceClaim('gpu.amd.com', { vendor: AcceleratorKind.AMD })).toMatchObject({ kind: AcceleratorKind.RESOURCE_CLAIM, vendor: AcceleratorKind.AMD });
});

test.each([[0], [-1], [1.5], [NaN], [17]])('%p devices for a copy are refused', (count) => {
  expect(codes(Accelerator.nvidia('L4', { count }))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']);
});

test.each(['1g', '8g.80gb', '1g.10GB', ''])("'%s' is no MIG profile", (profile) => {
  expect(codes(Accelerator.nvidiaMig('A100-80GB', profile))).toEqual(['SERVING_TEXT_NOT_ALLOWED']);
});

test('a TPU has its chips and topology said', () => {
  expect(codes(Accelerator.tpu('tpu-v5-lite-podslice', {} as any))).toEqual(['SERVING_MISSING_PROP', 'SERVING_MISSING_PROP']);
  expect(codes(Accelerator.tpu('v5e', { count: 1, topology: '2by2' }))).toEqual(['SERVING_TEXT_NOT_ALLOWED', 'SERVING_TEXT_NOT_ALLOWED']);
});

test('a product that is no text, and memory that is no Size, are told', () => {
  expect(codes(Accelerator.nvidia(undefined as any))).toEqual(['SERVING_MISSING_PROP']);
  expect(codes(Accelerator.nvidiaMemory(40 as any))).toEqual(['SERVING_WRONG_TYPE']);
  expect(codes(Accelerator.nvidiaShared('T4', { sharing: 'half' as any }))).toEqual(['SERVING_WRONG_TYPE']);
});

describe('alternatives', () => {
  test('of one vendor and count are any of them', () => {
    const any = Accelerator.anyOf([Accelerator.nvidia('A100-80GB', { count: 2 }), Accelerator.nvidia('H100', { count: 2 })]);
    expect([String(any), any.count, any.vendor, codes(any)]).toEqual(['2 x A100-80GB or 2 x H100-80GB', 2, 'nvidia', []]);
  });

  test('of alternatives are flat', () => {
    const inner = Accelerator.anyOf([Accelerator.nvidia('L4'), Accelerator.nvidia('T4')]);
    expect(String(Accelerator.anyOf([inner, Accelerator.nvidia('A10G')]))).toBe('1 x L4 or 1 x T4 or 1 x A10G');
  });

  test.each([
    ['counts', [Accelerator.nvidia('A100-80GB', { count: 2 }), Accelerator.nvidia('H100')]], ['vendors', [Accelerator.nvidia('H100'), Accelerator.amd('MI300X')]],
    ['shares', [Accelerator.nvidia('T4'), Accelerator.nvidiaShared('T4')]], ['profiles', [Accelerator.nvidiaMig('A100-80GB', '1g.10gb'), Accelerator.nvidiaMig('A100-80GB', '2g.20gb')]],
    ['claims', [Accelerator.resourceClaim('a'), Accelerator.resourceClaim('b')]],
  ])('of different %s are none', (_, options) => {
    expect(Accelerator.anyOf(options)._findings).toEqual([expect.objectContaining({ code: 'SERVING_ACCELERATOR_ALTERNATIVES', allowed: 'one vendor, one count, one kind of share' })]);
  });

  test('are at least one', () => expect(codes(Accelerator.anyOf([]))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']));

  test('carry what is wrong with each', () => expect(codes(Accelerator.anyOf([Accelerator.nvidia('L4', { count: 0 })]))).toEqual(['SERVING_NUMBER_OUT_OF_RANGE']));
});
